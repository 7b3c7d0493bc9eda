use super::*;

fn line(number: &str) -> OrderLineInput {
    OrderLineInput { article_number: number.to_owned(), ..OrderLineInput::default() }
}

fn sheet(numbers: &[&str]) -> Sheet {
    Sheet::new(numbers.iter().map(|number| line(number)))
}

fn numbers(sheet: &Sheet) -> Vec<&str> {
    sheet.lines().iter().map(|line| line.text.article_number.as_str()).collect()
}

fn place(line: usize, column: Column) -> Place {
    Place { line, column }
}

fn set(line: usize, column: Column, text: &str) -> Command {
    Command::SetCell { place: place(line, column), text: text.to_owned() }
}

#[test]
fn a_sheet_ends_with_an_empty_line() {
    assert_eq!(numbers(&sheet(&["A"])), ["A", ""]);
    assert_eq!(numbers(&sheet(&["A", "", ""])), ["A", "", ""]);
    let mut one = sheet(&[]);
    assert_eq!(numbers(&one), [""]);
    one.run(set(0, Column::Quantity, "2"));
    assert_eq!(one.lines().len(), 2);
    one.run(Command::Delete { first: 0, count: 2 });
    assert_eq!(numbers(&one), [""], "the last line that was deleted has left an empty one");
    let full = Sheet::new((0..MAX_LINES).map(|number| line(&number.to_string())));
    assert_eq!(full.lines().len(), MAX_LINES);
}

#[test]
fn commands_do_what_they_say() {
    let mut one = sheet(&["A", "B", "C"]);
    let keys = |sheet: &Sheet| sheet.lines().iter().map(|line| line.key).collect::<Vec<_>>();
    one.run(Command::Move { from: 0, to: 2 });
    assert_eq!(numbers(&one), ["B", "C", "A", ""]);
    assert_eq!(keys(&one)[..3], [1, 2, 0], "lines keep their keys");
    one.run(Command::Move { from: 2, to: 0 });
    assert_eq!(numbers(&one), ["A", "B", "C", ""]);
    one.run(Command::InsertEmpty { at: 1 });
    assert_eq!(numbers(&one), ["A", "", "B", "C", ""]);
    one.run(Command::Delete { first: 1, count: 2 });
    assert_eq!(numbers(&one), ["A", "C", ""]);
    one.run(Command::Append { lines: vec![line("D"), line("E")] });
    assert_eq!(numbers(&one), ["A", "C", "D", "E", ""]);
    let area = Area::between(place(2, Column::Description), place(1, Column::ArticleNumber));
    assert_eq!(area.cells(), 4);
    one.run(Command::Clear { area });
    assert_eq!(numbers(&one), ["A", "", "", "E", ""]);
    let rows = vec![vec!["X".to_owned(), "navn".to_owned()], vec!["Y".to_owned()], vec!["Z".to_owned()]];
    one.run(Command::Paste { at: place(3, Column::ArticleNumber), rows });
    assert_eq!(numbers(&one), ["A", "", "", "X", "Y", "Z", ""]);
    assert_eq!(one.lines()[3].text.description, "navn");
    one.run(Command::Append { lines: vec![line("F")] });
    assert_eq!(numbers(&one)[5..], ["Z", "F", ""], "empty lines in between stay");
}

#[test]
fn a_paste_ends_at_the_last_column_and_the_last_line() {
    let mut one = sheet(&["A"]);
    let wide = vec![vec!["1".to_owned(); 20]];
    one.run(Command::Paste { at: place(0, Column::UnitPrice), rows: wide });
    assert_eq!(one.lines()[0].text.discount_percent, "1");
    assert_eq!(one.undo_name(), Some(&StepName::Pasted { cells: 3 }));
    let long = vec![vec!["9".to_owned()]; MAX_LINES + 100];
    one.run(Command::Paste { at: place(1, Column::ArticleNumber), rows: long });
    assert_eq!(one.lines().len(), MAX_LINES);
    one.run(Command::Append { lines: vec![line("F")] });
    assert_eq!(one.lines().len(), MAX_LINES);
    one.run(Command::InsertEmpty { at: 0 });
    assert_eq!(one.lines().len(), MAX_LINES);
}

#[test]
fn the_first_change_is_where_the_eye_should_be() {
    let mut one = sheet(&["A", "B", "C"]);
    let first = |splices: Vec<Splice>| splices.first().map(Splice::first_change);
    assert_eq!(first(one.run(set(1, Column::Quantity, "5"))), Some(place(1, Column::Quantity)));
    let area = Area::between(place(0, Column::Quantity), place(2, Column::Unit));
    assert_eq!(first(one.run(Command::Clear { area })), Some(place(1, Column::Quantity)));
    assert_eq!(first(one.run(Command::InsertEmpty { at: 2 })), Some(place(2, Column::ArticleNumber)));
    assert_eq!(first(one.run(Command::Delete { first: 1, count: 1 })), Some(place(1, Column::ArticleNumber)));
}

#[test]
fn what_changes_nothing_is_no_step() {
    let mut one = sheet(&["A", "B"]);
    for nothing in [
        set(0, Column::ArticleNumber, "A"),
        set(9, Column::ArticleNumber, "A"),
        Command::Delete { first: 9, count: 1 },
        Command::Move { from: 0, to: 9 },
        Command::Move { from: 1, to: 1 },
        Command::Append { lines: Vec::new() },
        Command::Clear { area: Area::between(place(0, Column::Unit), place(1, Column::Unit)) },
        Command::Replace { lines: one.lines().to_vec() },
    ] {
        assert_eq!(one.run(nothing.clone()), Vec::new(), "{nothing:?}");
    }
    assert_eq!(one.undo_name(), None);
    assert_eq!(one.undo(), None);
    assert_eq!(one.redo(), None);
}

#[test]
fn steps_have_names() {
    let mut one = sheet(&["A", "B"]);
    one.run(set(1, Column::Quantity, "20"));
    one.run(set(1, Column::Quantity, "200"));
    let (name, _) = one.undo().unwrap();
    let quantity = |from: &str, to: &str| StepName::Changed {
        column: Column::Quantity,
        line: 2,
        from: from.to_owned(),
        to: to.to_owned(),
    };
    assert_eq!(name, quantity("20", "200"));
    assert_eq!(one.undo_name(), Some(&quantity("", "20")));
    one.run(Command::InsertEmpty { at: 0 });
    assert_eq!(one.redo(), None, "a new step ends what could be done again");
}

/// Draws the same numbers on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end).unwrap()).unwrap()
    }

    fn place(&mut self) -> Place {
        place(self.below(8), Column::at(self.below(8)))
    }

    fn text(&mut self) -> String {
        ["", "1", "2,5", "Skrue", "æøå"][self.below(5)].to_owned()
    }

    fn command(&mut self, sheet: &Sheet) -> Command {
        match self.below(9) {
            0 | 1 => Command::SetCell { place: self.place(), text: self.text() },
            2 => Command::FillLine { line: self.below(8), text: Box::new(line(&self.text())) },
            3 => Command::InsertEmpty { at: self.below(8) },
            4 => Command::Append { lines: (0..self.below(4)).map(|_| line(&self.text())).collect() },
            5 => Command::Delete { first: self.below(8), count: 1 + self.below(3) },
            6 => Command::Move { from: self.below(8), to: self.below(8) },
            7 => Command::Clear { area: Area::between(self.place(), self.place()) },
            _ if self.below(3) == 0 => {
                let mut lines = sheet.lines().to_vec();
                lines.truncate(self.below(6));
                Command::Replace { lines }
            }
            _ => {
                let rows =
                    (0..self.below(4)).map(|_| (0..self.below(10)).map(|_| self.text()).collect()).collect();
                Command::Paste { at: self.place(), rows }
            }
        }
    }
}

#[test]
fn whatever_is_done_can_be_undone_and_done_again() {
    for seed in 1..60 {
        let mut dice = Dice(seed * 0x9e37_79b9);
        let mut one = sheet(&["A", "B", "C"]);
        let mut states = vec![one.lines().to_vec()];
        while states.len() <= 150 {
            let command = dice.command(&one);
            let splices = one.run(command.clone());
            if splices.is_empty() {
                assert_eq!(one.lines(), states.last().unwrap(), "{command:?}");
                continue;
            }
            assert!(one.lines().last().unwrap().text.is_empty() || one.lines().len() == MAX_LINES);
            let mut keys: Vec<usize> = one.lines().iter().map(|line| line.key).collect();
            keys.sort_unstable();
            keys.dedup();
            assert_eq!(keys.len(), one.lines().len(), "two lines have one key after {command:?}");
            // The screen follows by the splices alone.
            let mut screen = states.last().unwrap().clone();
            for Splice { at, removed, inserted } in splices {
                assert_eq!(screen[at..at + removed.len()], removed);
                screen.splice(at..at + removed.len(), inserted);
            }
            assert_eq!(screen, one.lines());
            states.push(screen);
        }
        for state in states.iter().rev().skip(1) {
            assert!(one.undo().is_some());
            assert_eq!(one.lines(), state);
        }
        assert_eq!(one.undo(), None);
        for state in &states[1..] {
            assert!(one.redo().is_some());
            assert_eq!(one.lines(), state);
        }
        assert_eq!(one.redo(), None);
    }
}

#[test]
fn old_steps_are_forgotten() {
    let mut one = sheet(&["A"]);
    for number in 0..MAX_STEPS + 7 {
        one.run(set(0, Column::Quantity, &number.to_string()));
    }
    let undone = std::iter::from_fn(|| one.undo()).count();
    assert_eq!(undone, MAX_STEPS);
    assert_eq!(one.lines()[0].text.quantity, "6");
}

#[test]
fn undo_takes_back_what_was_done_here_and_leaves_what_others_did() {
    let mut one = sheet(&["A", "B", "C"]);
    one.run(set(0, Column::Quantity, "2"));
    one.run(set(1, Column::ArticleNumber, "B2"));
    one.run(Command::Delete { first: 2, count: 1 });
    // Somebody else has changed a cell of each line, added a line and changed the order of two.
    let mut theirs = one.lines().to_vec();
    theirs[0].text.description = "skrue".to_owned();
    theirs[1].text.description = "mutter".to_owned();
    theirs.insert(1, SheetLine { key: 77, text: line("D") });
    let splices = one.take_in(theirs.clone());
    assert_eq!(one.lines()[..3], theirs[..3]);
    assert_eq!(splices.len(), 1);
    assert_eq!(numbers(&one), ["A", "D", "B2", ""]);
    assert_eq!(one.undo().map(|(name, _)| name), Some(StepName::Deleted { line: 3, count: 1 }));
    assert_eq!(numbers(&one), ["A", "D", "B2", "C", ""]);
    one.undo();
    one.undo();
    assert_eq!(numbers(&one), ["A", "D", "B", "C", ""]);
    let text =
        |at: usize| (one.lines()[at].text.quantity.as_str(), one.lines()[at].text.description.as_str());
    assert_eq!((text(0), text(2)), (("", "skrue"), ("", "mutter")));
    assert_eq!(one.undo(), None, "what came in is no step");
    one.redo();
    one.redo();
    one.redo();
    assert_eq!(numbers(&one), ["A", "D", "B2", ""]);
    assert_eq!(one.lines()[0].text.quantity, "2");
}

#[test]
fn what_others_did_comes_into_steps_that_were_undone() {
    let mut one = sheet(&["A", "B"]);
    one.run(set(0, Column::Quantity, "2"));
    one.undo();
    let mut theirs = one.lines().to_vec();
    theirs[0].text.quantity = "9".to_owned();
    theirs.remove(1);
    one.take_in(theirs);
    assert_eq!(numbers(&one), ["A", ""]);
    one.redo();
    assert_eq!((numbers(&one), one.lines()[0].text.quantity.as_str()), (vec!["A", ""], "2"));
    one.undo();
    assert_eq!(one.lines()[0].text.quantity, "9");
}
