//! The small world is held to what the real one is held to.

use std::sync::Arc;

use super::World;
use crate::identity::ports::contract::contract;

#[tokio::test(flavor = "multi_thread")]
async fn the_small_world_keeps_the_contract_of_the_ports() {
    contract(&Arc::new(World::default())).await;
}
