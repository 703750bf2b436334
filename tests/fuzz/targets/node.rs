//! See `farthing_fuzz::node`.
#![cfg_attr(fuzzing, no_main)]

farthing_fuzz::target!(node);
