//! Several futures at once, without a runtime: every shard is asked at the same time.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

/// Runs all futures at the same time and gives their results in the order in which they were given. Each wake polls
/// all that are not finished: right for the few dozen shards of a search, wrong for thousands.
pub async fn all<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<Pin<Box<F>>> = futures.into_iter().map(Box::pin).collect();
    let mut results: Vec<Option<F::Output>> = running.iter().map(|_| None).collect();
    poll_fn(|context| {
        let mut unfinished = false;
        for (future, result) in running.iter_mut().zip(&mut results) {
            if result.is_none() {
                match future.as_mut().poll(context) {
                    Poll::Ready(value) => *result = Some(value),
                    Poll::Pending => unfinished = true,
                }
            }
        }
        if unfinished { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    results.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn all_run_at_once_and_keep_their_order() {
        // Each waits for all others: one after the other they would never end.
        let barrier = tokio::sync::Barrier::new(4);
        let barrier = &barrier;
        let results = all((0..4).map(|number| async move {
            barrier.wait().await;
            number
        }))
        .await;
        assert_eq!(results, [0, 1, 2, 3]);
    }

    #[tokio::test]
    async fn nothing_to_run_is_no_result() {
        assert!(all(Vec::<std::future::Ready<u8>>::new()).await.is_empty());
    }
}
