//! See `farthing_fuzz::signer`.
#![cfg_attr(fuzzing, no_main)]

farthing_fuzz::target!(signer);
