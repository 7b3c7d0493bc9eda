//! `prodsys demo`: tells what was started, and waits.

use super::{CliError, Run};
use crate::demo::{self, Arguments, Side};

pub(super) async fn run(run: &Run, arguments: Arguments) -> Result<(), CliError> {
    let running = demo::start(&run.config, &arguments).await?;
    let t = run.out.texts;
    let mut text = String::new();
    for side in &running.sides {
        text.push_str(&paragraph(run, side));
    }
    let [buyer, supplier] = &running.sides;
    text.push_str(&if arguments.connected {
        t.cli_demo_connected(&buyer.address)
    } else {
        let steps = [
            t.cli_demo_step1(&supplier.address),
            t.cli_demo_step2().to_string(),
            t.cli_demo_step3(&supplier.address, &buyer.address),
            t.cli_demo_step4().to_string(),
            t.cli_demo_step5().to_string(),
            t.cli_demo_step6().to_string(),
        ];
        steps.iter().enumerate().map(|(index, step)| format!("  {}. {step}\n", index + 1)).collect()
    });
    text.push('\n');
    text.push_str(t.cli_demo_stop());
    run.out.value(&running.sides, &text);
    Ok(running.until_stopped().await?)
}

fn paragraph(run: &Run, side: &Side) -> String {
    let t = run.out.texts;
    let role = if side.is_buyer { t.cli_demo_buyer() } else { t.cli_demo_supplier() };
    let mut text = format!("{} ({role}): {}\n", side.company, side.address);
    for login in &side.logins {
        text.push_str(&format!("  {:<34}{}\n", login.email, login.password));
    }
    text.push('\n');
    text
}
