//! Work spread over the processors; must not know what the work is.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Builder};

/// Schemas nest deeper than the stack of a thread is made for. Memory that is not used is only spoken for.
pub(crate) const STACK: usize = 256 << 20;

/// More threads than this only wait for each other's memory.
const MOST: usize = 8;

/// Does each of a number of tasks, on as many threads as the machine has processors, and puts what comes of them into
/// their order. A panic of a task goes on in the caller.
pub(super) fn in_order<T: Send>(tasks: usize, task: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let turn = next.fetch_add(1, Ordering::Relaxed);
            if turn >= tasks {
                break done;
            }
            done.push((turn, task(turn)));
        }
    };
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    let others = processors.min(tasks).min(MOST).saturating_sub(1);
    let mut done = thread::scope(|scope| {
        // Where the system gives no further thread, the tasks are done by those that there are.
        let threads: Vec<_> = (0..others)
            .map_while(|_| {
                let thread = Builder::new().stack_size(STACK);
                thread.spawn_scoped(scope, work).ok()
            })
            .collect();
        let mut done = work();
        for thread in threads {
            match thread.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(turn, _)| *turn);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn every_task_is_done_once_and_results_keep_their_order() {
        let doubled = in_order(1000, |task| task * 2);
        assert_eq!(doubled, (0..1000).map(|task| task * 2).collect::<Vec<_>>());
        assert!(in_order(0, |task| task).is_empty());
    }

    #[test]
    #[should_panic(expected = "task 7")]
    fn a_panic_is_not_lost() {
        in_order(20, |task| assert!(task != 7, "task {task}"));
    }
}
