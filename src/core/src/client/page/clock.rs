//! Our clock beside the peers': said when they are far apart, never followed. Peers cannot move
//! the time by which headers are judged.

use crate::client::{Client, NoticeKind};

impl Client {
    /// How far apart is too far, in seconds: a block's time, and well within what a header may be
    /// ahead (Bitcoin: 10 minutes of 120; farthing: 30 s of 90).
    fn clock_comfort(&self) -> u32 {
        self.params.spacing.min(self.params.max_future / 3).max(1)
    }

    /// A peer's `version` told its time: the median of all operators counts, so that one clock
    /// that is wrong says nothing of ours.
    pub(crate) fn clock_heard(&mut self) {
        let mut offsets: Vec<i32> = self
            .nodes
            .iter()
            .filter(|node| node.is_ready())
            .filter_map(|node| node.clock_offset)
            .collect();
        offsets.sort_unstable();
        let Some(median) = offsets.get(offsets.len() / 2).copied() else {
            return;
        };
        let far = median.unsigned_abs() > self.clock_comfort();
        if far && !self.views.clock_told {
            let (seconds, side) = (
                median.unsigned_abs(),
                if median > 0 { "behind" } else { "ahead of" },
            );
            self.notice(
                NoticeKind::Clock,
                format!(
                    "This computer's clock is {seconds} s {side} the nodes' clocks. Please set it: \
                     blocks and invoices are judged by it."
                ),
            );
        }
        self.views.clock_told = far;
    }
}
