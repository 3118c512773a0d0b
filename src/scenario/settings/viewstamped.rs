//! Settings of Viewstamped Replication.

use crate::process::Ticks;
use crate::sim::TicksRange;
use serde::{Deserialize, Serialize};

/// Settings of Viewstamped Replication. See [`crate::viewstamped::Config`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ViewstampedSettings {
    /// The range from which is drawn how long a backup waits for its primary, and a view change may take.
    pub view_change_ticks: TicksRange,
    /// Between two COMMIT messages of a primary.
    pub commit_ticks: Ticks,
    /// Whether replicas keep on a disk what they must not forget. Without, a crash forgets all, and they recover from
    /// the others.
    pub on_disk: bool,
    /// A checkpoint is taken when so many operations have been carried out since the last one. 0: never.
    pub checkpoint_threshold: u64,
    /// So many of the operations that a checkpoint covers stay in the log.
    pub checkpoint_trailing: u64,
    /// At most so many operations travel in one message, where they are sent again.
    pub entries_per_message_max: u64,
}

impl Default for ViewstampedSettings {
    fn default() -> Self {
        let config = crate::viewstamped::Config::default();
        Self {
            view_change_ticks: TicksRange::new(config.view_change_ticks_min, config.view_change_ticks_max),
            commit_ticks: config.commit_ticks,
            on_disk: config.on_disk,
            checkpoint_threshold: config.checkpoint_threshold,
            checkpoint_trailing: config.checkpoint_trailing,
            entries_per_message_max: config.entries_per_message_max,
        }
    }
}
