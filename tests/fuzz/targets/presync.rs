//! See `farthing_fuzz::presync`.
#![cfg_attr(fuzzing, no_main)]

farthing_fuzz::target!(presync);
