//! What only the report shows: the verdict, short cards, rows for the rest, what is asked, what is in order.

mod asked;
mod cards;
mod cause;
mod order;
mod verdict;
