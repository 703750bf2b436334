//! See `farthing_fuzz::headers`.
#![cfg_attr(fuzzing, no_main)]

farthing_fuzz::target!(headers);
