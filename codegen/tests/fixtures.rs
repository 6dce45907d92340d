//! Small documents, a construct each: what comes of them, that it compiles, and what is said about wrong ones; and the surface
//! of large public documents.

mod judges;
