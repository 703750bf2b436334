//! The page's side: commands in, views and events out.

mod block;
mod chain;
mod clock;
mod commands;
mod views;

pub(crate) use views::Views;
