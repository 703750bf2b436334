pub(crate) mod builder;
mod codec;
mod connect;
mod invalid;
mod mutated;
mod prop;
mod reorganise;
mod restart;
mod support;
