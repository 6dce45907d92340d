//! Work spread over the processors; must not know what the work is.

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Builder, Scope, ScopedJoinHandle};

/// Schemas nest deeper than the stack of a thread is made for. Memory that is not used is only spoken for.
const STACK: usize = 256 << 20;

/// More threads than this only wait for each other's memory.
const MOST: usize = 8;

/// Does each of a number of tasks, on as many threads as the machine has processors, and puts what comes of them into
/// their order. A panic of a task goes on in the caller.
pub(crate) fn in_order<T: Send>(tasks: usize, task: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let work = &|| {
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
                let work = move || {
                    keep_memory();
                    work()
                };
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

/// Does two things at the same time, the first of them on the thread of the caller. A panic of the second goes on there.
pub(crate) fn both<A, B: Send>(
    first: impl FnOnce() -> A,
    second: impl FnOnce() -> B + Send,
) -> (A, B) {
    thread::scope(|scope| {
        let second = start(scope, second);
        (first(), finish(second))
    })
}

/// Does something while something else is done on the thread of the caller, which is given what waits for the result.
pub(crate) fn beside<T: Send, U>(
    work: impl FnOnce() -> T + Send,
    here: impl FnOnce(Box<dyn FnOnce() -> T + '_>) -> U,
) -> U {
    thread::scope(|scope| {
        let thread = start(scope, work);
        here(Box::new(|| finish(thread)))
    })
}

/// Does something with room for the deepest document that the limits allow.
pub(crate) fn on_deep_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| finish(start(scope, work)))
}

/// Does something that nobody waits for, such as giving back memory that was taken in many pieces.
pub(crate) fn aside(work: impl FnOnce() + Send + 'static) {
    // Where the system gives no further thread, it is left undone.
    let _ = Builder::new().stack_size(STACK).spawn(work);
}

/// Takes large pieces of memory and gives them back, untouched. The allocator of most systems (glibc) asks for the memory of a
/// thread page by page, with a call for each, but keeps what was given back, once it has seen a larger piece come and go.
fn keep_memory() {
    let take = |size: usize| std::hint::black_box(Vec::<u8>::with_capacity(size));
    drop(take(31 << 20));
    drop([take(28 << 20), take(28 << 20)]);
}

fn start<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> T + Send + 'scope,
) -> ScopedJoinHandle<'scope, T> {
    Builder::new()
        .stack_size(STACK)
        .spawn_scoped(scope, || {
            keep_memory();
            work()
        })
        .expect("the system can start a thread")
}

fn finish<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use super::{both, in_order};

    #[test]
    fn every_task_is_done_once_and_results_keep_their_order() {
        let doubled = in_order(1000, |task| task * 2);
        assert_eq!(doubled, (0..1000).map(|task| task * 2).collect::<Vec<_>>());
        assert!(in_order(0, |task| task).is_empty());
    }

    #[test]
    fn the_first_of_two_things_stays_on_its_thread() {
        let thread = || std::thread::current().id();
        let (first, second) = both(thread, thread);
        assert_eq!(first, thread());
        assert_ne!(first, second);
    }

    #[test]
    #[should_panic(expected = "the second")]
    fn a_panic_beside_is_not_lost() {
        both(|| (), || panic!("the second"));
    }

    #[test]
    #[should_panic(expected = "task 7")]
    fn a_panic_is_not_lost() {
        in_order(20, |task| assert!(task != 7, "task {task}"));
    }
}
