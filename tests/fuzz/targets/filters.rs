//! See `farthing_fuzz::filters`.
#![cfg_attr(fuzzing, no_main)]

farthing_fuzz::target!(filters);
