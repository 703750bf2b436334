//! See `farthing_fuzz::addresses`.
#![cfg_attr(fuzzing, no_main)]

farthing_fuzz::target!(addresses);
