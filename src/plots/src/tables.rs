//! The figures, table by table: each row is a question to the lab, answered over many seeds.

use farthing_core::params::{Emergency, Lwma, NetworkParams};
use farthing_lab::retarget::{
    Band, CALM, Clock, DAY, HOUR, MINUTE, Rule, VISIT, alternation, change, cheapest, found,
    hopper, liar, liar_in_a_stall, mean, numbers, silence, spacings, stall,
};

/// Runs for each row.
const SEEDS: u64 = 200;
/// Runs for each row of those that run for days.
const FEW_SEEDS: u64 = 20;

/// A table as it is written to a file: fields without commas.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) head: &'static str,
    pub(crate) rows: Vec<String>,
}

impl Table {
    /// The file's text.
    pub(crate) fn text(&self) -> String {
        format!("{}\n{}\n", self.head, self.rows.join("\n"))
    }
}

/// The network that is asked: any of the kind would do, since the name is in no rule.
pub(crate) fn network() -> NetworkParams {
    NetworkParams::by_name("farthing:lab").expect("a good name")
}

/// The two rules that are compared most.
pub(crate) fn with_and_without(network: &NetworkParams) -> [(&'static str, Rule); 2] {
    [
        ("network", Rule::Network),
        ("without", Rule::without_emergency(network)),
    ]
}

fn band(values: impl IntoIterator<Item = f64>) -> String {
    let band = Band::of(values).expect("at least one seed");
    [band.low, band.median, band.high].map(number).join(",")
}

/// Three digits are all that the seeds bear.
fn number(value: f64) -> String {
    match value {
        _ if value.is_infinite() => "never".to_owned(),
        _ if value >= 100.0 => format!("{value:.0}"),
        _ if value >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// Hash power comes and goes for good: what the next block is expected to take, by the minute.
pub(crate) fn changes(network: &NetworkParams) -> Table {
    let mut rows = Vec::new();
    for factor in [10.0, 100.0, 0.1, 0.01] {
        for (name, rule) in with_and_without(network) {
            rows.extend(change_rows(network, (name, rule), factor));
        }
    }
    Table {
        name: "changes",
        head: "power,rule,minute,low,median,high",
        rows,
    }
}

fn change_rows(network: &NetworkParams, (name, rule): (&str, Rule), factor: f64) -> Vec<String> {
    let runs: Vec<Vec<f64>> = (0..SEEDS)
        .map(|seed| spacings(&mut change(network, rule, factor, seed), 120))
        .collect();
    (0..=120)
        .step_by(2)
        .map(|minute| {
            let spacing = band(runs.iter().map(|run| run[minute]));
            format!("{factor},{name},{minute},{spacing}")
        })
        .collect()
}

/// The same, in blocks: the mean number of blocks in a part of the time, and its length over it.
pub(crate) fn rates(network: &NetworkParams) -> Table {
    let mut rows = Vec::new();
    for factor in [10.0, 100.0, 0.1, 0.01] {
        for (name, rule) in with_and_without(network) {
            rows.extend(rate_rows(network, (name, rule), factor, SEEDS));
        }
    }
    Table {
        name: "rates",
        head: "power,rule,from minute,to minute,blocks,seconds a block",
        rows,
    }
}

const PARTS: [(u64, u64); 6] = [(0, 10), (10, 60), (60, 120), (0, 30), (30, 60), (30, 120)];

fn rate_rows(
    network: &NetworkParams,
    (name, rule): (&str, Rule),
    factor: f64,
    seeds: u64,
) -> Vec<String> {
    let runs: Vec<_> = (0..seeds)
        .map(|seed| {
            let mut run = change(network, rule, factor, seed);
            run.until(CALM + 2 * HOUR);
            run
        })
        .collect();
    PARTS
        .map(|(from, to)| {
            let (start, end) = (CALM + from * MINUTE, CALM + to * MINUTE);
            let blocks: Vec<f64> = runs
                .iter()
                .map(|run| found(run, start, end) as f64)
                .collect();
            let blocks = mean(&blocks);
            let spacing = number(((to - from) * 60) as f64 / blocks);
            format!("{factor},{name},{from},{to},{},{spacing}", number(blocks))
        })
        .to_vec()
}

/// A guest with much hash power came for ten minutes and left.
pub(crate) fn stalls(network: &NetworkParams) -> Table {
    let mut rows = Vec::new();
    for factor in [3.0, 10.0, 30.0, 100.0, 300.0, 1e3, 1e4, 1e5, 1e6] {
        for named in with_and_without(network) {
            rows.push(stall_row(network, named, factor));
        }
    }
    Table {
        name: "stalls",
        head: "power,rule,first block low,median,high,recovery low,median,high,blocks of first hour low,median,high",
        rows,
    }
}

pub(crate) fn stall_row(
    network: &NetworkParams,
    (name, rule): (&str, Rule),
    factor: f64,
) -> String {
    let stalls: Vec<_> = (0..SEEDS)
        .map(|seed| stall(network, rule, factor, 1_000 * DAY, seed))
        .collect();
    let first = band(stalls.iter().map(|stall| stall.first));
    let recovery = band(stalls.iter().map(|stall| stall.recovery));
    let hour = band(stalls.iter().map(|stall| stall.first_hour as f64));
    format!("{factor},{name},{first},{recovery},{hour}")
}

/// Nobody mined for a day.
pub(crate) fn silences(network: &NetworkParams) -> Table {
    let [own, without] = with_and_without(network);
    let asert = |half_life| Rule::Asert { half_life };
    let rules = [
        own,
        without,
        ("asert 15 min", asert(900)),
        ("asert 1 h", asert(3_600)),
        ("asert 2.4 h", asert(8_640)),
        ("asert 6 h", asert(21_600)),
    ];
    let row = |(name, rule): (&str, Rule)| {
        let days: Vec<_> = (0..SEEDS)
            .map(|seed| silence(network, rule, seed))
            .collect();
        let first = band(days.iter().map(|day| day.0));
        let blocks = band(days.iter().map(|day| day.1 as f64));
        format!("{name},{first},{blocks}")
    };
    Table {
        name: "silence",
        head: "rule,first block low,median,high,blocks of first hour low,median,high",
        rows: rules.map(row).to_vec(),
    }
}

/// Who lies about the time.
pub(crate) fn liars(network: &NetworkParams) -> Table {
    let [own, without] = with_and_without(network);
    let from_parent = numbers(network).emergency.map(Rule::FromParent);
    let from_parent = from_parent.expect("the network has an emergency rule");
    let rules = [
        own,
        without,
        ("from the parent", from_parent),
        ("clamp", Rule::Clamp),
    ];
    let mut rows = Vec::new();
    for named in rules {
        for share in [0.3, 0.5, 0.6, 0.75, 0.9] {
            for clock in clocks(network) {
                rows.push(liar_row(network, named, share, clock));
            }
        }
    }
    Table {
        name: "liars",
        head: "rule,share,times,all blocks low,median,high,own blocks low,median,high",
        rows,
    }
}

fn clocks(network: &NetworkParams) -> [(String, Clock); 8] {
    let most = network.max_future;
    [
        ("true".to_owned(), Clock::True),
        (format!("+{most} s"), Clock::Ahead(most)),
        (format!("+{} s", most + 60), Clock::Ahead(most + 60)),
        ("least".to_owned(), Clock::Least),
        ("1 least; then most".to_owned(), Clock::Saw(1)),
        ("3 least; then most".to_owned(), Clock::Saw(3)),
        ("6 least; then most".to_owned(), Clock::Saw(6)),
        ("30 least; then most".to_owned(), Clock::Saw(30)),
    ]
}

fn liar_row(
    network: &NetworkParams,
    (name, rule): (&str, Rule),
    share: f64,
    (said, clock): (String, Clock),
) -> String {
    let gains: Vec<_> = (0..FEW_SEEDS)
        .map(|seed| liar(network, rule, share, clock, 12, seed))
        .collect();
    let all = band(gains.iter().map(|gain| gain.all));
    let own = band(gains.iter().map(|gain| gain.own));
    format!("{name},{share},{said},{all},{own}")
}

/// Who comes when blocks are cheap and goes when they are not, or by the clock.
pub(crate) fn guests(network: &NetworkParams) -> Table {
    let mut rows = Vec::new();
    let mut add = |row: String, yields: Vec<farthing_lab::retarget::Yield>| {
        let guest = band(yields.iter().map(|of| of.guest));
        let stayers = band(yields.iter().map(|of| of.stayers));
        let all = band(yields.iter().map(|of| of.all));
        rows.push(format!("{row},{guest},{stayers},{all}"));
    };
    for factor in [1.0, 3.0, 10.0, 100.0] {
        for above in [1.2, 1.5, 2.0, 3.0, 6.0] {
            let runs = (0..FEW_SEEDS)
                .map(|seed| hopper(network, Rule::Network, (factor, above), 24, seed));
            add(format!("{factor},above {above} times"), runs.collect());
        }
        for minutes in [5, 15, 30, 60] {
            let period = minutes * MINUTE;
            let runs = (0..FEW_SEEDS)
                .map(|seed| alternation(network, Rule::Network, (factor, period), 24, seed));
            add(format!("{factor},every {minutes} min"), runs.collect());
        }
    }
    Table {
        name: "guests",
        head: "power,goes,guest low,median,high,stayers low,median,high,all blocks low,median,high",
        rows,
    }
}

/// What lies bring while a chain recovers, and what a private branch costs.
pub(crate) fn attacks(network: &NetworkParams) -> Table {
    let mut rows = Vec::new();
    for (name, rule) in with_and_without(network) {
        for share in [0.3, 0.5] {
            for (said, clock) in clocks(network).into_iter().take(2) {
                let gains: Vec<f64> = (0..SEEDS)
                    .map(|seed| liar_in_a_stall(network, rule, (100.0, share), clock, seed))
                    .collect();
                rows.push(format!(
                    "{name},own blocks over a share of {share} after 100 times: {said},{}",
                    number(mean(&gains))
                ));
            }
        }
        for elapsed in [300, 600, 1_800, 3_600, 21_600, 86_400] {
            for headers in [1, 6, 20] {
                let cost = cheapest(network, rule, headers, elapsed);
                let cost = format!("{cost:.2e}");
                rows.push(format!(
                    "{name},work of {headers} headers made up over {elapsed} s,{cost}"
                ));
            }
        }
    }
    Table {
        name: "attacks",
        head: "rule,what,share",
        rows,
    }
}

/// Other numbers in the same rule.
pub(crate) fn others(network: &NetworkParams) -> Table {
    let own = numbers(network);
    let mut variants = vec![("as it is".to_owned(), own)];
    for window in [15, 45, 60, 90] {
        variants.push((format!("N = {window}"), Lwma { window, ..own }));
    }
    for longest in [3, 4, 10, 20] {
        variants.push((format!("longest {longest} T"), Lwma { longest, ..own }));
    }
    for floor in [5, 10, 40, 1_000] {
        variants.push((format!("floor N^2 T / {floor}"), Lwma { floor, ..own }));
    }
    for (after, every) in [
        (120, 150),
        (180, 60),
        (180, 150),
        (300, 60),
        (300, 300),
        (600, 150),
        (600, 300),
    ] {
        let emergency = Some(Emergency { after, every });
        variants.push((
            format!("from {after} s every {every} s"),
            Lwma { emergency, ..own },
        ));
    }
    let rows = variants
        .into_iter()
        .map(|(name, numbers)| other_row(network, &name, numbers));
    Table {
        name: "numbers",
        head: "rule,steady low,steady high,blocks in ten minutes of 10 times,recovery after 10 times (min),recovery after 100 times (min),recovery after 10000 times (min),own blocks of a liar at 0.5: +90 s,own blocks of a liar at 0.9: +90 s,blocks of the hour after a day",
        rows: rows.collect(),
    }
}

fn other_row(network: &NetworkParams, name: &str, numbers: Lwma) -> String {
    let rule = Rule::Numbers(numbers);
    let few = 0..FEW_SEEDS;
    let calm = few.clone().flat_map(|seed| {
        let all = spacings(&mut change(network, rule, 1.0, seed), 720);
        all.into_iter().step_by(10)
    });
    let calm = Band::of(calm).expect("at least one seed");
    let joined: Vec<f64> = few
        .clone()
        .map(|seed| {
            let mut run = change(network, rule, 10.0, seed);
            run.until(CALM + VISIT);
            found(&run, CALM, CALM + VISIT) as f64
        })
        .collect();
    let recovery = |factor| {
        let all = few
            .clone()
            .map(|seed| stall(network, rule, factor, 1_000 * DAY, seed));
        let band = Band::of(all.map(|stall| stall.recovery / 60.0));
        number(band.expect("at least one seed").median)
    };
    let lying = |share| {
        let clock = Clock::Ahead(network.max_future);
        let all = few
            .clone()
            .map(|seed| liar(network, rule, share, clock, 12, seed).own);
        number(Band::of(all).expect("at least one seed").median)
    };
    let after_a_day: Vec<f64> = few
        .clone()
        .map(|seed| silence(network, rule, seed).1 as f64)
        .collect();
    [
        name.to_owned(),
        number(calm.low),
        number(calm.high),
        number(mean(&joined)),
        recovery(10.0),
        recovery(100.0),
        recovery(10_000.0),
        lying(0.5),
        lying(0.9),
        number(mean(&after_a_day)),
    ]
    .join(",")
}
