//! Viewstamped Replication, tested section by section, and mutation by mutation.

mod cluster;
mod explored;
mod hunt;
mod monitor;
mod mutations;
mod normal_case;
mod recovery;
mod view_changes;
