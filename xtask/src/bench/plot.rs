//! A plot as SVG: points of several series on logarithmic axes, on which what grows in proportion is a straight line of
//! slope one. It must not know what the points are.

use std::fmt::Write as _;

/// What a plot shows.
pub(super) struct Plot {
    pub(super) title: &'static str,
    pub(super) across: &'static str,
    pub(super) up: &'static str,
    pub(super) series: Vec<Series>,
}

/// Points of one colour.
pub(super) struct Series {
    pub(super) name: String,
    pub(super) points: Vec<Point>,
}

/// A point; both values are above zero.
pub(super) struct Point {
    pub(super) across: f64,
    pub(super) up: f64,
    pub(super) name: String,
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 460.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 150.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 56.0;
const COLOURS: [&str; 6] = [
    "#d1495b", "#00798c", "#edae49", "#66a182", "#2e4057", "#8d96a3",
];

/// A logarithmic axis over whole or half decades.
struct Axis {
    low: f64,
    high: f64,
}

impl Axis {
    fn over(values: impl Iterator<Item = f64>) -> Option<Self> {
        let logarithms: Vec<f64> = values
            .filter(|value| *value > 0.0)
            .map(f64::log10)
            .collect();
        let low = logarithms.iter().copied().reduce(f64::min)?;
        let high = logarithms.iter().copied().reduce(f64::max)?;
        // A point on the frame would be cut.
        let low = ((low - 0.05) * 4.0).floor() / 4.0;
        let high = ((high + 0.05) * 4.0).ceil() / 4.0;
        Some(Self { low, high })
    }

    /// Where a value lies, from 0 to 1.
    fn place(&self, value: f64) -> f64 {
        (value.log10() - self.low) / (self.high - self.low)
    }

    /// The values with a line: 1, 2 and 5 of each decade.
    fn ticks(&self) -> Vec<f64> {
        (-6..=9)
            .flat_map(|decade| [1.0, 2.0, 5.0].map(|step| step * 10_f64.powi(decade)))
            .filter(|value| (self.low..=self.high).contains(&value.log10()))
            .collect()
    }
}

impl Plot {
    /// The plot as a file.
    pub(super) fn svg(&self) -> String {
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"12\">\n\
             <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#ffffff\"/>\n"
        );
        let title = |x: f64, y: f64, more: &str, text: &str| {
            format!(
                "<text x=\"{x:.0}\" y=\"{y:.0}\" {more}>{}</text>\n",
                escaped(text)
            )
        };
        out.push_str(&title(
            LEFT,
            24.0,
            "font-size=\"15\" font-weight=\"bold\"",
            self.title,
        ));
        let points = || self.series.iter().flat_map(|series| &series.points);
        let axes =
            Axis::over(points().map(|it| it.across)).zip(Axis::over(points().map(|it| it.up)));
        if let Some((across, up)) = axes {
            out.push_str(&grid(&across, &up));
            for (series, colour) in self.series.iter().zip(COLOURS.iter().cycle()) {
                out.push_str(&drawn(series, colour, &across, &up));
            }
            out.push_str(&self.legend());
        } else {
            out.push_str(&title(LEFT, 80.0, "", "no figures in this run"));
        }
        let middle = f64::midpoint(LEFT, WIDTH - RIGHT);
        out.push_str(&title(
            middle,
            HEIGHT - 14.0,
            "text-anchor=\"middle\"",
            self.across,
        ));
        out.push_str(&title(LEFT, TOP - 4.0, "fill=\"#555555\"", self.up));
        out.push_str("</svg>\n");
        out
    }

    fn legend(&self) -> String {
        let mut out = String::new();
        let mut y = TOP + 12.0;
        for (series, colour) in self.series.iter().zip(COLOURS.iter().cycle()) {
            let x = WIDTH - RIGHT + 18.0;
            let _ = write!(
                out,
                "<ellipse cx=\"{x}\" cy=\"{}\" rx=\"4\" ry=\"4\" fill=\"{colour}\"/>\n<text x=\"{}\" y=\"{y}\">{}</text>\n",
                y - 4.0,
                x + 10.0,
                escaped(&series.name)
            );
            y += 20.0;
        }
        out
    }
}

fn x(axis: &Axis, value: f64) -> f64 {
    LEFT + axis.place(value) * (WIDTH - RIGHT - LEFT)
}

fn y(axis: &Axis, value: f64) -> f64 {
    HEIGHT - BOTTOM - axis.place(value) * (HEIGHT - BOTTOM - TOP)
}

fn grid(across: &Axis, up: &Axis) -> String {
    let mut out = String::new();
    let (bottom, right) = (HEIGHT - BOTTOM, WIDTH - RIGHT);
    for tick in across.ticks() {
        let at = x(across, tick);
        let _ = write!(
            out,
            "<path d=\"M{at:.1} {TOP}V{bottom}\" stroke=\"#e4e4e4\"/>\n<text x=\"{at:.1}\" y=\"{}\" text-anchor=\"middle\" fill=\"#555555\">{tick}</text>\n",
            bottom + 18.0
        );
    }
    for tick in up.ticks() {
        let at = y(up, tick);
        let _ = write!(
            out,
            "<path d=\"M{LEFT} {at:.1}H{right}\" stroke=\"#e4e4e4\"/>\n<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#555555\">{tick}</text>\n",
            LEFT - 6.0,
            at + 4.0
        );
    }
    out
}

/// The points of a series, joined from left to right.
fn drawn(series: &Series, colour: &str, across: &Axis, up: &Axis) -> String {
    let mut points: Vec<&Point> = series.points.iter().collect();
    points.sort_by(|a, b| a.across.total_cmp(&b.across));
    let places: Vec<String> = points
        .iter()
        .map(|point| format!("{:.1},{:.1}", x(across, point.across), y(up, point.up)))
        .collect();
    let mut out = format!(
        "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-opacity=\"0.5\"/>\n",
        places.join(" ")
    );
    for point in points {
        let _ = writeln!(
            out,
            "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\" fill=\"{colour}\"><title>{}</title></circle>",
            x(across, point.across),
            y(up, point.up),
            escaped(&format!(
                "{} · {}: {:.3}",
                series.name, point.name, point.up
            ))
        );
    }
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::{Axis, escaped};

    #[test]
    fn an_axis_holds_its_values_and_round_ticks() {
        let axis = Axis::over([0.3, 7.0].into_iter()).unwrap();
        assert!(axis.place(0.3) > 0.0 && axis.place(7.0) < 1.0);
        assert_eq!(axis.ticks(), [0.2, 0.5, 1.0, 2.0, 5.0, 10.0]);
        assert!(Axis::over([0.0].into_iter()).is_none());
    }

    #[test]
    fn markup_is_text() {
        assert_eq!(escaped("a<b>&"), "a&lt;b&gt;&amp;");
    }
}
