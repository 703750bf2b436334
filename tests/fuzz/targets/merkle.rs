//! See `farthing_fuzz::merkle`.
#![cfg_attr(fuzzing, no_main)]

farthing_fuzz::target!(merkle);
