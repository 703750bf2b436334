//! See `farthing_fuzz::transactions`.
#![cfg_attr(fuzzing, no_main)]

farthing_fuzz::target!(transactions);
