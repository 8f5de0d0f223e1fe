use proptest::prelude::*;

use super::*;

fn routing(strategy: ShardStrategy, shards: u16) -> Routing {
    let collection = |shard| CollectionId::new(format!("idv-local-registered-{shard:02}")).unwrap();
    let shards = (0..shards).map(|shard| RoutedShard { collection: collection(shard), open: true }).collect();
    Routing { strategy, shards, attributes: BTreeMap::new() }
}

/// The number of the chosen shard.
fn chosen(routing: &Routing, key: &str, attribute: Option<&str>) -> u16 {
    let collection = routing.choose(key, attribute).unwrap();
    u16::try_from(routing.shards.iter().position(|shard| shard.collection == *collection).unwrap()).unwrap()
}

fn strategies() -> impl Strategy<Value = ShardStrategy> {
    prop::sample::select(vec![ShardStrategy::Hash, ShardStrategy::LastDigit, ShardStrategy::Attribute])
}

proptest! {
    #[test]
    fn closing_a_shard_moves_its_own_keys_and_no_others(
        strategy in strategies(),
        key in "[a-z]{0,8}[0-9]{0,3}",
        attribute in prop::option::of("[DE]{2}"),
        shards in 2u16..20,
        closed in any::<prop::sample::Index>(),
    ) {
        let mut table = routing(strategy, shards);
        table.attributes.insert("DE".to_owned(), 1);
        let closed = u16::try_from(closed.index(usize::from(shards))).unwrap();
        let before = chosen(&table, &key, attribute.as_deref());
        table.shards[usize::from(closed)].open = false;
        let after = chosen(&table, &key, attribute.as_deref());
        prop_assert_ne!(after, closed);
        prop_assert!(before == closed || after == before, "{} went from {} to {}", key, before, after);
        prop_assert!(table.collections().len() == usize::from(shards), "a closed shard is still searched");
    }

    #[test]
    fn one_more_shard_moves_keys_only_to_itself(key in "[a-z]{1,8}", shards in 1u16..40) {
        let before = chosen(&routing(ShardStrategy::Hash, shards), &key, None);
        let after = chosen(&routing(ShardStrategy::Hash, shards + 1), &key, None);
        prop_assert!(after == before || after == shards);
    }

    #[test]
    fn the_last_digit_chooses_and_a_key_without_one_is_hashed(key in "[a-z]{1,8}", digit in 0u16..10, shards in 1u16..12) {
        let table = routing(ShardStrategy::LastDigit, shards);
        prop_assert_eq!(chosen(&table, &format!("{key}{digit}"), None), digit % shards);
        prop_assert_eq!(chosen(&table, &key, None), sharding::rendezvous(&key, shards).unwrap());
    }

    #[test]
    fn people_of_one_attribute_are_in_one_shard(one in "[a-z]{1,8}", other in "[a-z]{1,8}", value in "[A-Z]{2}") {
        let table = routing(ShardStrategy::Attribute, 8);
        prop_assert_eq!(chosen(&table, &one, Some(&value)), chosen(&table, &other, Some(&value)));
    }
}

#[test]
fn listed_attributes_are_where_the_table_says() {
    let mut table = routing(ShardStrategy::Attribute, 8);
    table.attributes = BTreeMap::from([("DE".to_owned(), 5), ("FR".to_owned(), 200)]);
    assert_eq!(chosen(&table, "ada", Some("DE")), 5);
    // What is listed with a shard that does not exist is hashed, as what is not listed.
    for value in ["FR", "IT"] {
        assert_eq!(chosen(&table, "ada", Some(value)), sharding::rendezvous(value, 8).unwrap());
    }
    // Without an attribute the user id takes its place; under another strategy an attribute means nothing.
    let own = sharding::rendezvous("ada", 8).unwrap();
    assert_eq!(chosen(&table, "ada", None), own);
    assert_eq!(chosen(&routing(ShardStrategy::Hash, 8), "ada", Some("DE")), own);
}

#[test]
fn without_an_open_shard_there_is_no_place() {
    let mut table = routing(ShardStrategy::Hash, 2);
    table.shards.iter_mut().for_each(|shard| shard.open = false);
    assert_eq!(table.choose("ada", None), Err(ShardingError::NoShards));
    assert_eq!(routing(ShardStrategy::LastDigit, 0).choose("ada1", None), Err(ShardingError::NoShards));
}

/// 99.9th percentile of chi-square with 15 degrees of freedom (any table of the distribution): a fair spread over 16
/// shards is beyond it once in a thousand trials.
const CRITICAL_15: f64 = 37.697;

/// How far counts are from an even spread.
fn chi_square(counts: &[u32]) -> f64 {
    let expected = f64::from(counts.iter().sum::<u32>()) / counts.len() as f64;
    counts.iter().map(|count| (f64::from(*count) - expected).powi(2) / expected).sum()
}

#[test]
fn users_are_spread_evenly() {
    for (name, strategy) in [("hash", ShardStrategy::Hash), ("attribute", ShardStrategy::Attribute)] {
        for form in ["user-", "", "a.b:c_"] {
            let table = routing(strategy, 16);
            let mut counts = [0u32; 16];
            for number in 0..16_000 {
                counts[usize::from(chosen(&table, &format!("{form}{number}"), None))] += 1;
            }
            let spread = chi_square(&counts);
            assert!(spread < CRITICAL_15, "{name}, {form}: {spread} with {counts:?}");
        }
    }
}

#[test]
fn an_uneven_spread_would_be_noticed() {
    let mut counts = [1_000u32; 16];
    counts[3] += 220;
    assert!(chi_square(&counts) > CRITICAL_15);
}

#[test]
fn the_keys_of_a_closed_shard_are_spread_evenly_too() {
    let mut table = routing(ShardStrategy::Hash, 17);
    let keys: Vec<String> = (0..40_000).map(|number| format!("user-{number}")).collect();
    let own: Vec<&String> = keys.iter().filter(|key| chosen(&table, key, None) == 16).collect();
    table.shards[16].open = false;
    let mut counts = [0u32; 16];
    for key in own {
        counts[usize::from(chosen(&table, key, None))] += 1;
    }
    assert!(chi_square(&counts) < CRITICAL_15, "{counts:?}");
}
