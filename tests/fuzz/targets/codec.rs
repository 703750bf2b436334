//! See `farthing_fuzz::codec`.
#![cfg_attr(fuzzing, no_main)]

farthing_fuzz::target!(codec);
