//! See `farthing_fuzz::templates`.
#![cfg_attr(fuzzing, no_main)]

farthing_fuzz::target!(templates);
