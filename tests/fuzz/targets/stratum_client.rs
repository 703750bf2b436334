//! See `farthing_fuzz::stratum_client`.
#![cfg_attr(fuzzing, no_main)]

farthing_fuzz::target!(stratum_client);
