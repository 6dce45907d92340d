//! `codegen/docs/benchmarks.md` and its plots, made of a report: no figure of it is typed by hand, but for those recorded
//! before.

use std::fmt::Write as _;

use super::plot::{self, Plot, Series};
use super::report::{Document, Figures, ROWS, Report, Row, approximate, mebibytes};
use super::table::speed;

const RECORDED: &str = include_str!("recorded.md");
const GENERATION: &str = "benchmarks-generation.svg";
const CHECK: &str = "benchmarks-check.svg";

/// The files, by name in the folder of the page.
pub(super) fn files(report: &Report) -> Vec<(&'static str, String)> {
    vec![
        ("benchmarks.md", page(report)),
        (GENERATION, generation(report).svg()),
        (CHECK, check(report).svg()),
    ]
}

fn page(report: &Report) -> String {
    let mut out = String::from(
        "# Benchmarks\n\n<!-- Written by `cargo xtask bench --write-docs`; edit xtask/src/bench/page.rs instead. -->\n\n",
    );
    let machine = &report.machine;
    let _ = writeln!(
        out,
        "Measured on {}, {}: {}, {} processors{}, {}; load {} when it began.\n\
         Figures are medians over at least {}; on a machine with other work to do they are not to be relied on. CPU seconds are\n\
         user and system time of the one process; dependencies are built before, incremental compilation is off. Generators\n\
         are release builds with their default settings, and generation includes reading the document and writing the\n\
         crate. A ratio is ours to the best of the others.\n",
        report.date,
        machine.system,
        or_unknown(&machine.processor),
        machine.processors,
        machine
            .memory_mib
            .map_or_else(String::new, |mib| format!(", {} GiB", mib.div_ceil(1024))),
        or_unknown(&machine.rustc),
        machine
            .load
            .map_or_else(|| "unknown".to_owned(), |load| format!("{load:.1}")),
        match report.rounds {
            1 => "one round".to_owned(),
            rounds => format!("{rounds} rounds"),
        },
    );
    let tools: Vec<_> = report
        .tools
        .iter()
        .map(|tool| format!("{} {}", tool.name, tool.version))
        .collect();
    let _ = writeln!(out, "Generators: {}.\n", tools.join(", "));
    let _ = writeln!(
        out,
        "![Generation time over the size of the document]({GENERATION})\n\n![CPU time of `cargo check` over operations]({CHECK})"
    );
    for row in ROWS {
        out.push_str(&section(report, row));
    }
    out.push_str(&throughput(report));
    out.push_str("\n## Calls\n\n");
    match &report.calls {
        None => out.push_str("Not measured in this run.\n"),
        Some(calls) => {
            let bytes = calls.bytes;
            let _ = writeln!(
                out,
                "An emitted client beside one written by hand with serde's derives, `serde_json` and reqwest (`xtask/bench`):\n\
                 a body of {bytes} bytes, calls on loopback to a server in another process, both sides in turn.\n"
            );
            for line in calls.lines() {
                let _ = writeln!(out, "- {line}");
            }
        }
    }
    out.push_str(&failures(report));
    let _ = write!(out, "\n## Recorded before\n\n{RECORDED}");
    out
}

fn or_unknown(text: &str) -> &str {
    if text.is_empty() { "unknown" } else { text }
}

/// A table of one figure: a line for each document, a column for each generator.
fn section(report: &Report, row: &Row) -> String {
    let any = |document: &Document| document.tools.iter().any(|it| (row.figure)(it).is_some());
    if !report.documents.iter().any(any) {
        return String::new();
    }
    let peers = report.tools.len() > 1;
    let mut out = format!("\n## {}\n\n| document |", capitalised(row.title));
    for tool in &report.tools {
        let _ = write!(out, " {} |", tool.name);
    }
    out.push_str(if peers {
        " ratio |\n| --- |"
    } else {
        "\n| --- |"
    });
    for _ in 0..report.tools.len() + usize::from(peers) {
        out.push_str(" ---: |");
    }
    out.push('\n');
    for document in &report.documents {
        let _ = write!(out, "| {} |", document.name);
        for tool in &report.tools {
            let figures = document
                .tools
                .iter()
                .find(|figures| figures.tool == tool.name);
            let figure = figures.and_then(row.figure);
            let shown =
                figure.map_or_else(|| "–".to_owned(), |it| format!("{it:.*}", row.decimals));
            let _ = write!(out, " {shown} |");
        }
        if peers {
            let ratio = document.ratio(row.figure);
            let shown = ratio.map_or_else(|| "–".to_owned(), |ratio| format!("**{ratio:.2}**"));
            let _ = write!(out, " {shown} |");
        }
        out.push('\n');
    }
    out
}

fn capitalised(title: &str) -> String {
    let mut letters = title.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// How fast documents are read.
fn throughput(report: &Report) -> String {
    let mut out = String::new();
    for document in &report.documents {
        let Some(generation) = document.ours().and_then(|ours| ours.generation) else {
            continue;
        };
        let _ = writeln!(
            out,
            "| {} | {:.1} | {} | {:.1} |",
            document.name,
            mebibytes(document.bytes),
            document.operations,
            speed(document, generation.wall)
        );
    }
    if out.is_empty() {
        return out;
    }
    format!(
        "\n## Throughput of generation\n\n| document | MiB | operations | MB/s |\n| --- | ---: | ---: | ---: |\n{out}"
    )
}

/// What could not be measured, and why.
/// What a generator said, without where this machine keeps its sources.
fn without_machine(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        if !word.starts_with('/') {
            return word;
        }
        // Cargo's folder of a registry has a folder for each host, then one for each package.
        let package = word.split_once("/registry/src/");
        let package = package.and_then(|(_, rest)| rest.split_once('/'));
        package.map_or_else(
            || word.rsplit('/').next().unwrap_or_default(),
            |(_, package)| package,
        )
    });
    words.collect::<Vec<_>>().join(" ")
}

fn failures(report: &Report) -> String {
    let mut lines: Vec<String> = report.skipped.iter().map(|it| format!("- {it}")).collect();
    for document in &report.documents {
        for figures in &document.tools {
            if let Some(failure) = &figures.failure {
                lines.push(format!(
                    "- {} of {}: `{}`",
                    figures.tool,
                    document.name,
                    without_machine(failure).replace('`', "'")
                ));
            }
        }
    }
    if lines.is_empty() {
        return String::new();
    }
    format!("\n## Missing figures\n\n{}\n", lines.join("\n"))
}

fn generation(report: &Report) -> Plot {
    Plot {
        title: "Generation time over the size of the document",
        across: "size, MB",
        up: "seconds",
        series: series(
            report,
            |document| mebibytes(document.bytes) * 1.048_576,
            |figures| Some(figures.generation?.wall),
        ),
    }
}

fn check(report: &Report) -> Plot {
    Plot {
        title: "CPU time of `cargo check` over operations",
        across: "operations",
        up: "CPU seconds",
        series: series(
            report,
            |document| approximate(document.operations),
            |figures| Some(figures.check?.cpu),
        ),
    }
}

fn series(
    report: &Report,
    across: fn(&Document) -> f64,
    up: fn(&Figures) -> Option<f64>,
) -> Vec<Series> {
    let points = |tool: &str| {
        let documents = report.documents.iter();
        let points = documents.filter_map(|document| {
            let figures = document.tools.iter().find(|figures| figures.tool == tool)?;
            Some(plot::Point {
                across: across(document),
                up: up(figures)?,
                name: document.name.clone(),
            })
        });
        points.collect()
    };
    let all = report.tools.iter().map(|tool| Series {
        name: tool.name.clone(),
        points: points(&tool.name),
    });
    all.filter(|series| !series.points.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::{files, page};
    use crate::measure::Cost;
    use crate::report::{Document, Figures, OURS, Report, Tool};

    fn report() -> Report {
        let figures = |tool: &str, wall, failure: Option<&str>| Figures {
            tool: tool.to_owned(),
            generation: Some(Cost {
                wall,
                cpu: wall,
                peak_mib: 64.0,
            }),
            failure: failure.map(str::to_owned),
            ..Figures::default()
        };
        let tool = |name: &str| Tool {
            name: name.to_owned(),
            version: "1".to_owned(),
        };
        Report {
            rounds: 3,
            tools: vec![tool(OURS), tool("other")],
            documents: vec![Document {
                name: "Pets".to_owned(),
                bytes: 1 << 20,
                operations: 12,
                tools: vec![
                    figures(OURS, 0.5, None),
                    figures("other", 1.0, Some("error: `no`")),
                ],
            }],
            ..Report::default()
        }
    }

    #[test]
    fn a_page_does_not_say_where_a_machine_keeps_its_sources() {
        let said =
            "panicked at /a/registry/src/host-1/typify-0.8.0/src/a.rs:1:2: in /b/api.json or";
        assert_eq!(
            super::without_machine(said),
            "panicked at typify-0.8.0/src/a.rs:1:2: in api.json or"
        );
    }

    #[test]
    fn the_page_shows_figures_ratios_and_reasons() {
        let text = page(&report());
        assert!(text.contains("| Pets | 0.50 | 1.00 | **0.50** |"), "{text}");
        assert!(text.contains("- other of Pets: `error: 'no'`"), "{text}");
        assert!(!text.contains("## Check"), "{text}");
    }

    #[test]
    fn plots_hold_a_point_for_each_figure() {
        let files = files(&report());
        let svg = &files[1].1;
        assert_eq!(svg.matches("<circle").count(), 2, "{svg}");
        assert!(files[2].1.contains("no figures"), "{}", files[2].1);
    }
}
