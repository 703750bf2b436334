//! See `farthing_fuzz::commands`.
#![cfg_attr(fuzzing, no_main)]

farthing_fuzz::target!(commands);
