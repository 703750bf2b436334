//! See `farthing_fuzz::blocks`.
#![cfg_attr(fuzzing, no_main)]

farthing_fuzz::target!(blocks);
