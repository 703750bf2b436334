//! See `farthing_fuzz::client`.
#![cfg_attr(fuzzing, no_main)]

farthing_fuzz::target!(client);
