//! See `farthing_fuzz::records`.
#![cfg_attr(fuzzing, no_main)]

farthing_fuzz::target!(records);
