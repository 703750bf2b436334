//! The plots, drawn from the tables. On white, so that they are read on dark pages too; text stays
//! text; lines differ by dashes as well as by colour.

use crate::tables::Table;
use plotters::prelude::*;
use std::error::Error;
use std::path::Path;

type Drawn = Result<(), Box<dyn Error>>;

const SIZE: (u32, u32) = (840, 460);
const FONT: &str = "sans-serif";

const INK: RGBColor = RGBColor(0x1f, 0x29, 0x33);
const COPPER: RGBColor = RGBColor(0xa8, 0x55, 0x1c);
const BLUE: RGBColor = RGBColor(0x1d, 0x5f, 0xa8);
const GREEN: RGBColor = RGBColor(0x2f, 0x6b, 0x3a);
const GREY: RGBColor = RGBColor(0x8a, 0x93, 0x9c);

/// A line of medians with the band around it.
struct Line {
    label: String,
    color: RGBColor,
    /// Pixels drawn and pixels left out; none: a whole line.
    dashes: Option<(i32, i32)>,
    /// Where, 5%, half, 95%.
    points: Vec<[f64; 4]>,
}

/// An axis; `log`: in powers of ten. What is shown is divided by `unit`.
struct Axis {
    title: &'static str,
    unit: f64,
    from: f64,
    to: f64,
    log: bool,
    marks: usize,
    write: fn(f64) -> String,
}

impl Axis {
    fn at(&self, value: f64) -> f64 {
        let value = (value / self.unit).clamp(self.from, self.to);
        if self.log { value.log10() } else { value }
    }

    fn range(&self) -> std::ops::Range<f64> {
        self.at(self.from * self.unit)..self.at(self.to * self.unit)
    }

    fn mark(&self, at: f64) -> String {
        (self.write)(if self.log { 10_f64.powf(at) } else { at })
    }
}

/// All plots into a folder.
pub(crate) fn all(folder: &Path, tables: &[Table]) -> Drawn {
    let table = |name: &str| {
        let table = tables.iter().find(|table| table.name == name);
        table.ok_or_else(|| format!("expected the table {name}, found none"))
    };
    joins(&folder.join("joins.svg"), table("changes")?)?;
    leaves(&folder.join("leaves.svg"), table("changes")?)?;
    stalls(&folder.join("stalls.svg"), table("stalls")?)?;
    liars(&folder.join("liars.svg"), table("liars")?)?;
    silence(&folder.join("silence.svg"), table("silence")?)
}

/// As many digits as a mark needs.
fn plain(value: f64) -> String {
    let digits = if value > 0.0 && value < 0.95 { 1 } else { 0 };
    format!("{value:.digits$}")
}

fn times(value: f64) -> String {
    format!("{}×", plain(value))
}

/// The fields of those rows of a table that begin so.
fn rows<'a>(table: &'a Table, first: &'a [&'a str]) -> impl Iterator<Item = Vec<&'a str>> {
    let rows = table.rows.iter().map(|row| row.split(',').collect());
    rows.filter(move |row: &Vec<&str>| row.starts_with(first))
}

fn field(row: &[&str], at: usize) -> f64 {
    let text = row.get(at).copied().unwrap_or_default();
    text.parse().unwrap_or(f64::INFINITY)
}

/// Where a line is, and its band from the column `low` on.
fn point(row: &[&str], at: usize, low: usize) -> [f64; 4] {
    [at, low, low + 1, low + 2].map(|at| field(row, at))
}

fn minutes(to: f64, marks: usize) -> Axis {
    Axis {
        title: "minutes since then",
        unit: 1.0,
        from: 0.0,
        to,
        log: false,
        marks,
        write: plain,
    }
}

fn joins(path: &Path, table: &Table) -> Drawn {
    let line = |power: &str, label: &str, color, dashes| Line {
        label: label.to_owned(),
        color,
        dashes,
        points: rows(table, &[power, "network"])
            .map(|row| point(&row, 2, 3))
            .filter(|point| point[0] <= 40.0)
            .collect(),
    };
    let lines = [
        line("10", "10 times the hash power", COPPER, None),
        line("100", "100 times the hash power", BLUE, Some((9, 5))),
    ];
    let spacing = Axis {
        title: "seconds until the next block, on average",
        unit: 1.0,
        from: 0.1,
        to: 1_000.0,
        log: true,
        marks: 5,
        write: plain,
    };
    let title = "Hash power joins: after a quarter of an hour blocks are 30 s apart again";
    lines_plot(path, title, &minutes(40.0, 9), &spacing, &lines)
}

fn leaves(path: &Path, table: &Table) -> Drawn {
    let line = |power: &str, rule: &str, label: &str, color, dashes| Line {
        label: label.to_owned(),
        color,
        dashes,
        points: rows(table, &[power, rule])
            .map(|row| point(&row, 2, 3))
            .collect(),
    };
    let lines = [
        line("0.1", "network", "9 of 10 leave", COPPER, None),
        line("0.01", "network", "99 of 100 leave", BLUE, Some((9, 5))),
        line(
            "0.01",
            "without",
            "99 of 100 leave; no emergency rule",
            GREY,
            Some((3, 4)),
        ),
    ];
    let spacing = Axis {
        title: "minutes until the next block, on average",
        unit: 60.0,
        from: 0.1,
        to: 1_000.0,
        log: true,
        marks: 5,
        write: plain,
    };
    let title = "Hash power leaves: with the emergency rule the wait is minutes, not hours";
    lines_plot(path, title, &minutes(120.0, 13), &spacing, &lines)
}

fn stalls(path: &Path, table: &Table) -> Drawn {
    let line = |rule: &'static str, label: &str, color, dashes| Line {
        label: label.to_owned(),
        color,
        dashes,
        points: rows(table, &[])
            .filter(|row| row.get(1) == Some(&rule))
            .map(|row| point(&row, 0, 5))
            .filter(|point| point[2].is_finite())
            .collect(),
    };
    let lines = [
        line("network", "with the emergency rule", COPPER, None),
        line("without", "without", GREY, Some((9, 5))),
    ];
    let guest = Axis {
        title: "hash power that came for ten minutes and left",
        unit: 1.0,
        from: 1.0,
        to: 1e6,
        log: true,
        marks: 7,
        write: times,
    };
    let wait = Axis {
        title: "hours until blocks are expected within 60 s again",
        unit: 3_600.0,
        from: 0.01,
        to: 1e4,
        log: true,
        marks: 7,
        write: |hours| {
            if hours < 0.05 {
                "0.01".to_owned()
            } else {
                plain(hours)
            }
        },
    };
    let title = "A guest leaves: with the emergency rule it takes two hours, without it weeks";
    lines_plot(path, title, &guest, &wait, &lines)
}

fn liars(path: &Path, table: &Table) -> Drawn {
    // What a liar makes of it: the best of all times that were tried.
    let line = |rule: &'static str, label: &str, color, dashes| {
        let mut points: Vec<[f64; 4]> = Vec::new();
        for row in rows(table, &[rule]) {
            let found = point(&row, 1, 6);
            match points.iter_mut().find(|point| point[0] == found[0]) {
                Some(point) if found[2] > point[2] => *point = found,
                Some(_) => {}
                None => points.push(found),
            }
        }
        Line {
            label: label.to_owned(),
            color,
            dashes,
            points,
        }
    };
    let lines = [
        line("clamp", "each solve time clamped", GREY, Some((3, 4))),
        line(
            "from the parent",
            "emergency from the parent's time",
            BLUE,
            Some((9, 5)),
        ),
        line("without", "no emergency rule", GREEN, Some((14, 4))),
        line("network", "the network's rule", COPPER, None),
    ];
    let share = Axis {
        title: "the liar's share of the hash power",
        unit: 1.0,
        from: 0.3,
        to: 0.9,
        log: false,
        marks: 7,
        write: |share| format!("{:.0} %", share * 100.0),
    };
    let gain = Axis {
        title: "his blocks, over those that his share gives",
        unit: 1.0,
        from: 0.1,
        to: 1_000.0,
        log: true,
        marks: 5,
        write: times,
    };
    let title = "Lies about the time: under the network's rule they bring next to nothing";
    lines_plot(path, title, &share, &gain, &lines)
}

fn lines_plot(path: &Path, title: &str, x: &Axis, y: &Axis, lines: &[Line]) -> Drawn {
    let root = SVGBackend::new(path, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&root)
        .caption(title, (FONT, 19).into_font().color(&INK))
        .margin(14)
        .margin_right(40)
        .x_label_area_size(46)
        .y_label_area_size(64)
        .build_cartesian_2d(x.range(), y.range())?;
    chart
        .configure_mesh()
        .x_desc(x.title)
        .y_desc(y.title)
        .x_labels(x.marks)
        .y_labels(y.marks)
        .x_label_formatter(&|at| x.mark(*at))
        .y_label_formatter(&|at| y.mark(*at))
        .label_style((FONT, 14).into_font().color(&INK))
        .axis_style(INK)
        .bold_line_style(INK.mix(0.15))
        .light_line_style(TRANSPARENT)
        .draw()?;
    for line in lines {
        let color = line.color;
        let along = |column: usize| {
            let at = |point: &[f64; 4]| (x.at(point[0]), y.at(point[column]));
            line.points.iter().map(at).collect::<Vec<_>>()
        };
        let mut band = along(1);
        band.extend(along(3).into_iter().rev());
        chart.draw_series([Polygon::new(band, color.mix(0.14))])?;
        let style = color.stroke_width(3);
        let drawn = match line.dashes {
            None => chart.draw_series(LineSeries::new(along(2), style))?,
            Some((on, off)) => {
                chart.draw_series(DashedLineSeries::new(along(2), on, off, style))?
            }
        };
        let dashes = line.dashes;
        drawn.label(&line.label).legend(move |(left, middle)| {
            let (on, off) = dashes.unwrap_or((12, 0));
            let stroke = |from: i32| {
                let to = (from + on).min(26);
                PathElement::new(vec![(from, 0), (to, 0)], color.stroke_width(3))
            };
            EmptyElement::at((left, middle)) + stroke(0) + stroke(on + off)
        });
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.85))
        .label_font((FONT, 14).into_font().color(&INK))
        .draw()?;
    root.present()?;
    Ok(())
}

fn silence(path: &Path, table: &Table) -> Drawn {
    let bars: Vec<(&str, f64)> = rows(table, &[])
        .map(|row| (row.first().copied().unwrap_or_default(), field(&row, 5)))
        .collect();
    let root = SVGBackend::new(path, (SIZE.0, 320)).into_drawing_area();
    root.fill(&WHITE)?;
    let title = "A day of silence costs one long block: blocks of the hour after it (120 are due)";
    let mut chart = ChartBuilder::on(&root)
        .caption(title, (FONT, 19).into_font().color(&INK))
        .margin(14)
        .x_label_area_size(46)
        .y_label_area_size(10)
        .build_cartesian_2d(0.0..4_000.0, -(bars.len() as f64)..0.0)?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .disable_y_axis()
        .x_desc("blocks")
        .x_labels(9)
        .x_label_formatter(&|at| plain(*at))
        .label_style((FONT, 14).into_font().color(&INK))
        .axis_style(INK)
        .bold_line_style(INK.mix(0.15))
        .light_line_style(TRANSPARENT)
        .draw()?;
    for (at, (rule, blocks)) in bars.iter().enumerate() {
        let top = -(at as f64);
        let (color, name) = match *rule {
            "network" => (COPPER, "the network's rule"),
            "without" => (GREEN, "no emergency rule"),
            other => (GREY, other),
        };
        let name = name.replace("asert", "ASERT, half-life");
        let corners = [(0.0, top - 0.2), (*blocks, top - 0.8)];
        chart.draw_series([Rectangle::new(corners, color.filled())])?;
        let label = format!("{name}: {blocks:.0}");
        let place = (blocks + 30.0, top - 0.33);
        let style = (FONT, 14).into_font().color(&INK);
        chart.draw_series([Text::new(label, place, style)])?;
    }
    root.present()?;
    Ok(())
}
