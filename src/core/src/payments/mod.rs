//! Transactions that pay or conflict with a watched script.
