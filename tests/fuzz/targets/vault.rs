//! See `farthing_fuzz::vault`.
#![cfg_attr(fuzzing, no_main)]

farthing_fuzz::target!(vault);
