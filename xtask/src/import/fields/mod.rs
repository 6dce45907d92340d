//! The page that describes an operation in tags: its fields, schemas and samples to an OpenAPI document of one operation.

mod field;
mod identifier;
mod infer;
pub(super) mod names;
mod operation;
mod response;
mod schema;
mod types;

use super::contribution::Contribution;
use super::page::{Fence, Page};
use super::report::Problem;
use super::samples;
use super::tags::{self, Element, Tag};

/// What the page's tags contribute; none where it has none of them. `api` is the name that the user gave.
pub(super) fn read(page: &Page, api: Option<&str>) -> (Option<Contribution>, Vec<Problem>) {
    let elements = match tags::parse(page) {
        Ok(elements) => elements,
        Err(problems) => return (None, problems),
    };
    if elements.is_empty() {
        return (None, Vec::new());
    }
    let mut problems = Vec::new();
    let fields = field::fields(page, &elements, &mut problems);
    let request_samples = blocks(page, &elements, Tag::RequestExample);
    let response_samples = blocks(page, &elements, Tag::ResponseExample);
    // Without the frame, any block that makes a request may be a sample.
    let request_samples = if request_samples.is_empty() {
        let is_other = |fence: &&Fence| {
            response_samples
                .iter()
                .any(|other| other.open == fence.open)
        };
        page.fences
            .iter()
            .filter(|fence| !is_other(fence) && samples::makes_request(fence))
            .collect()
    } else {
        for fence in samples::unread(&request_samples) {
            problems.push(
                Problem::warning("this sample's language is not read", page.place(fence.at)).help(
                    "only curl, Python and JavaScript samples are checked against each other",
                ),
            );
        }
        request_samples
    };
    let parameters = fields.path_names();
    let agreed = match samples::read(page, &request_samples, &parameters) {
        Ok(agreed) => agreed,
        Err(faults) => {
            problems.extend(faults);
            return (None, problems);
        }
    };
    let page_parts = operation::Parts {
        page,
        fields: &fields,
        agreed: &agreed,
        request_samples: &request_samples,
        response_samples: &response_samples,
        api,
    };
    let contribution = operation::build(&page_parts, &mut problems);
    (Some(contribution), problems)
}

/// The fenced blocks inside the tags of a kind.
fn blocks<'p>(page: &'p Page, elements: &[Element], tag: Tag) -> Vec<&'p Fence> {
    let ranges: Vec<(usize, usize)> = elements
        .iter()
        .filter(|element| element.tag == tag)
        .map(|element| element.lines)
        .collect();
    let inside = |fence: &&Fence| {
        ranges
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&fence.open))
    };
    page.fences.iter().filter(inside).collect()
}
