//! PBFT, tested phase by phase of the paper, bug by bug of the field, and mutation by mutation.

mod accountability;
mod cluster;
mod hunts;
mod known_bugs;
mod known_bugs_later;
mod liars;
mod monitor;
mod mutations;
mod normal_case;
mod progress;
mod shown;
mod threshold;
