//! A set that remembers the newest of what was put in.

use std::collections::{BTreeSet, VecDeque};

/// The last so many different things.
#[derive(Debug, Clone)]
pub(super) struct Rolling<T> {
    limit: usize,
    things: BTreeSet<T>,
    order: VecDeque<T>,
}

impl<T: Ord + Copy> Rolling<T> {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            limit,
            things: BTreeSet::new(),
            order: VecDeque::new(),
        }
    }

    /// Remembers it. Whether it is new.
    pub(super) fn insert(&mut self, thing: T) -> bool {
        if !self.things.insert(thing) {
            return false;
        }
        self.order.push_back(thing);
        if self.order.len() > self.limit
            && let Some(oldest) = self.order.pop_front()
        {
            self.things.remove(&oldest);
        }
        true
    }

    pub(super) fn contains(&self, thing: &T) -> bool {
        self.things.contains(thing)
    }

    pub(super) fn clear(&mut self) {
        self.things.clear();
        self.order.clear();
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.order.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_forgotten() {
        let mut rolling = Rolling::new(3);
        for thing in [1, 2, 3, 2, 4] {
            rolling.insert(thing);
        }
        assert_eq!(rolling.len(), 3);
        assert!(!rolling.contains(&1));
        assert!(rolling.contains(&2) && rolling.contains(&4));
    }
}
