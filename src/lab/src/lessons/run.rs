//! One run: towards a goal in slices of work, forwards, and back by a replay from the seed.

use super::network::Gossip;
use super::race::Race;
use super::{Goal, LessonError, LessonView, Scene, Setup};

/// An experiment under way. Positions only grow: back is a new one.
#[derive(Debug)]
enum Experiment {
    Race(Box<Race>),
    Network(Box<Gossip>),
}

impl Experiment {
    fn new(setup: &Setup) -> Result<Self, LessonError> {
        Ok(match setup {
            Setup::Race(setup) => Experiment::Race(Box::new(Race::new(*setup)?)),
            Setup::Network(setup) => Experiment::Network(Box::new(Gossip::new(*setup)?)),
        })
    }

    /// Where it is, and where it ends.
    fn position(&self) -> f64 {
        match self {
            Experiment::Race(race) => race.position(),
            Experiment::Network(network) => network.position(),
        }
    }

    fn end(&self) -> f64 {
        match self {
            Experiment::Race(race) => race.end(),
            Experiment::Network(network) => network.end(),
        }
    }

    /// One piece of work towards a position. Whether it was reached.
    fn towards(&mut self, position: f64) -> bool {
        match self {
            Experiment::Race(race) => race.towards(position),
            Experiment::Network(network) => network.towards(position),
        }
    }

    /// One piece of work. Whether something happened that can be seen.
    fn next(&mut self) -> bool {
        match self {
            Experiment::Race(race) => race.next(),
            Experiment::Network(network) => network.next(),
        }
    }

    /// The position before the last thing that can be seen.
    fn before(&self) -> f64 {
        match self {
            Experiment::Race(race) => race.before(),
            Experiment::Network(network) => network.before(),
        }
    }

    fn view(&self) -> (String, Scene) {
        match self {
            Experiment::Race(race) => (race.trace(), Scene::Race(race.view())),
            Experiment::Network(network) => (network.trace(), Scene::Network(network.view())),
        }
    }
}

/// What is left to do.
#[derive(Debug, Clone, Copy)]
enum Aim {
    /// Nothing.
    Here,
    To(f64),
    Next,
}

/// A run of a lesson.
#[derive(Debug)]
pub struct Run {
    setup: Setup,
    experiment: Experiment,
    aim: Aim,
}

impl Run {
    /// At its beginning.
    ///
    /// # Errors
    /// A setting that is out of its range is named.
    pub fn new(setup: Setup) -> Result<Self, LessonError> {
        Ok(Self {
            experiment: Experiment::new(&setup)?,
            setup,
            aim: Aim::Here,
        })
    }

    /// Takes a goal; [`work`](Self::work) goes there. A goal before the beginning is the beginning,
    /// one past the end the end.
    ///
    /// # Errors
    /// None in a run that could be made: the same setup is made again.
    pub fn aim(&mut self, goal: Goal) -> Result<(), LessonError> {
        self.aim = match goal {
            // A NaN is no place: it stays.
            Goal::To { position } if position.is_nan() => Aim::Here,
            Goal::Here => Aim::Here,
            Goal::To { position } => Aim::To(position.clamp(0.0, self.experiment.end())),
            Goal::Back => Aim::To(self.experiment.before()),
            Goal::Next if self.experiment.position() < self.experiment.end() => Aim::Next,
            Goal::Next => Aim::Here,
        };
        if matches!(self.aim, Aim::To(position) if position < self.experiment.position()) {
            self.experiment = Experiment::new(&self.setup)?;
        }
        Ok(())
    }

    /// Does so many pieces of work, each a small fraction of a millisecond. Whether the goal was
    /// reached; if not, it is to be called again.
    pub fn work(&mut self, pieces: u32) -> bool {
        for _ in 0..pieces {
            let done = match self.aim {
                Aim::Here => true,
                Aim::To(position) => self.experiment.towards(position),
                Aim::Next => self.experiment.next(),
            };
            if done {
                self.aim = Aim::Here;
                return true;
            }
        }
        matches!(self.aim, Aim::Here)
    }

    /// How it stands.
    #[must_use]
    pub fn view(&self) -> LessonView {
        let (trace, scene) = self.experiment.view();
        LessonView {
            position: self.experiment.position(),
            end: self.experiment.end(),
            arrived: matches!(self.aim, Aim::Here),
            trace,
            scene,
        }
    }
}
