//! The hunt finds nothing on the sound core, whatever the size of the cluster.

use crate::replicated_log::caught::nothing;
use consensus_playground::viewstamped::Viewstamped;

fn hunt_all(replicas: u32, faults_max: u32, seeds: std::ops::Range<u64>) {
    nothing::<Viewstamped>(replicas, faults_max, seeds);
}

#[test]
fn five_replicas_keep_every_promise() {
    hunt_all(5, 6, 0..600);
}

#[test]
fn many_faults_break_no_promise() {
    hunt_all(5, 14, 2_000..2_300);
}

#[test]
fn three_replicas_keep_every_promise() {
    hunt_all(3, 14, 0..600);
}

#[test]
fn small_and_even_clusters_keep_every_promise() {
    hunt_all(1, 6, 0..60);
    hunt_all(2, 6, 0..100);
    hunt_all(4, 10, 0..200);
    hunt_all(7, 10, 0..150);
}
