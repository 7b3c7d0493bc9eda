//! Which rows of what was pasted are added: every line, and a row that looks like a sum when somebody takes it all the same.

use std::collections::{BTreeMap, BTreeSet};

use domain::paste::{LookedRow, PastedLine, RowKind};

/// How many rows that look like sums are taken all the same.
pub(super) fn sums_taken(lines: &[PastedLine], taken: &BTreeSet<usize>) -> usize {
    lines.iter().filter(|line| line.kind == RowKind::Sum && taken.contains(&line.row)).count()
}

/// Lets go of the rows that are no sums as the columns are read now.
pub(super) fn keep_sums(lines: &[PastedLine], taken: &mut BTreeSet<usize>) {
    let sums: BTreeSet<usize> =
        lines.iter().filter(|line| line.kind == RowKind::Sum).map(|line| line.row).collect();
    taken.retain(|row| sums.contains(row));
}

/// The rows that are added, and whether nothing is wrong with them: every line, and of the sums those that somebody takes.
pub(super) fn added<'a>(
    judged: &'a [LookedRow],
    lines: &[PastedLine],
    taken: &BTreeSet<usize>,
) -> Vec<(&'a LookedRow, bool)> {
    let known: BTreeMap<usize, &PastedLine> = lines.iter().map(|line| (line.row, line)).collect();
    let is_added = |row: &'a LookedRow| {
        let line = known.get(&row.row)?;
        let is_meant = match line.kind {
            RowKind::Line => true,
            RowKind::Sum => taken.contains(&row.row),
            RowKind::Beside => false,
        };
        is_meant.then_some((row, line.is_good()))
    };
    judged.iter().filter_map(is_added).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::matching::MatchLevel;
    use domain::paste::{self, PasteColumn};

    #[test]
    fn every_line_is_added_and_a_sum_only_when_somebody_takes_it() {
        let sheet = paste::read(
            "Varenr\tBeskrivelse\tAntall\tMerknad\nN-1\tA\t2\t\nN-2\tB\tmange\t\n\t\t\tUke 48\n\tSum\t\t\n",
        )
        .unwrap();
        let lines = paste::lines(&sheet, &paste::guess(&sheet));
        let judged: Vec<LookedRow> = lines
            .iter()
            .filter(|line| line.kind != RowKind::Beside)
            .map(|line| LookedRow {
                row: line.row,
                line: line.line.clone(),
                level: MatchLevel::Exact,
                meant: Vec::new(),
                is_sure: false,
                unsaid_base: None,
            })
            .collect();
        let rows = |taken: &[usize]| {
            let taken: BTreeSet<usize> = taken.iter().copied().collect();
            added(&judged, &lines, &taken)
                .into_iter()
                .map(|(row, is_good)| (row.row, is_good))
                .collect::<Vec<_>>()
        };
        assert_eq!(rows(&[]), [(2, true), (3, false)]);
        assert_eq!(rows(&[4, 5]), [(2, true), (3, false), (5, false)]);
    }

    #[test]
    fn a_row_that_is_no_sum_any_more_is_not_taken_as_one() {
        let sheet = paste::read("Varenr\tBeskrivelse\tAntall\tSum\nN-1\tA\t2\t4\n\tSum\t\t4\nN-2\tB\t1\t9\n")
            .unwrap();
        let columns = paste::guess(&sheet);
        let mut taken = BTreeSet::from([3]);
        let lines = paste::lines(&sheet, &columns);
        assert_eq!(sums_taken(&lines, &taken), 1);
        keep_sums(&lines, &mut taken);
        assert_eq!(taken, BTreeSet::from([3]));
        // The column of sums is said to hold the quantities.
        let place = columns.iter().position(|column| *column == PasteColumn::Quantity).unwrap();
        let mut others = columns;
        others[place] = PasteColumn::Ignored;
        others[3] = PasteColumn::Quantity;
        let lines = paste::lines(&sheet, &others);
        assert_ne!(lines[1].kind, RowKind::Sum);
        assert_eq!(sums_taken(&lines, &taken), 0);
        keep_sums(&lines, &mut taken);
        assert!(taken.is_empty());
    }
}
