//! What the names around a list mean: counts, neighbours, cursors. Must not know where they stand.

use super::paging::Window;

/// What a member beside the items says of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    Count,
    Total,
    Pages,
    Page,
    Size,
    Offset,
    HasNext,
    HasPrevious,
    IsLast,
    IsFirst,
    Next,
    Previous,
    First,
    Last,
    This,
    NextCursor,
    PreviousCursor,
    FirstId,
    LastId,
}

/// The meaning of a name without punctuation and case.
pub(crate) fn meaning(name: &str) -> Option<Meaning> {
    Some(match name {
        "count" | "size" => Meaning::Count,
        "total" | "totalcount" | "totalitems" | "totalresults" | "totalsize" | "totalrecords"
        | "totalelements" | "totalhits" | "numitems" | "numresults" | "itemcount"
        | "recordcount" | "allcount" => Meaning::Total,
        "lastpage" | "pagecount" | "totalpages" | "pages" | "numpages" | "pagetotal"
        | "pagestotal" => Meaning::Pages,
        "currentpage" | "page" | "pagenumber" | "pageindex" | "pagenum" | "number" => Meaning::Page,
        "perpage" | "pagesize" | "limit" | "itemsperpage" | "maxresults" => Meaning::Size,
        "offset" | "skip" | "startat" | "startindex" => Meaning::Offset,
        "hasmore" | "hasnext" | "hasnextpage" | "more" | "ismore" | "hasmoreitems"
        | "moreresults" | "moreavailable" => Meaning::HasNext,
        "hasprevious" | "haspreviouspage" | "hasprev" | "hasprevpage" => Meaning::HasPrevious,
        "islast" | "islastpage" => Meaning::IsLast,
        "isfirst" | "isfirstpage" => Meaning::IsFirst,
        "next" | "nextpage" | "nexturl" | "nextlink" | "nextpageurl" | "nextpageuri"
        | "nexturi" | "nexthref" | "nextpagelink" => Meaning::Next,
        "prev" | "previous" | "prevpage" | "previouspage" | "prevurl" | "previousurl"
        | "previouslink" | "prevlink" | "prevpageurl" | "previouspageurl" | "previouspageuri" => {
            Meaning::Previous
        }
        "first" | "firstpageurl" | "firstpageuri" | "firsturl" => Meaning::First,
        "last" | "lastpageurl" | "lastpageuri" | "lasturl" => Meaning::Last,
        "self" | "current" => Meaning::This,
        "nextcursor" | "cursor" | "nextpagetoken" | "nexttoken" | "nextmarker"
        | "continuationtoken" | "continuation" | "continue" | "endcursor" | "after"
        | "aftercursor" | "nextpagecursor" | "cursornext" => Meaning::NextCursor,
        "previouscursor" | "prevcursor" | "before" | "startcursor" | "beforecursor"
        | "previouspagetoken" | "prevpagetoken" | "prevtoken" | "prevmarker" => {
            Meaning::PreviousCursor
        }
        "firstid" => Meaning::FirstId,
        "lastid" => Meaning::LastId,
        _ => return None,
    })
}

/// The number a meaning stands for.
pub(crate) fn count(meaning: Meaning, window: &Window) -> Option<usize> {
    Some(match meaning {
        Meaning::Count | Meaning::Total => window.total,
        Meaning::Pages => window.pages(),
        Meaning::Page => window.page(),
        Meaning::Size => window.limit,
        Meaning::Offset => window.start,
        Meaning::Next => window.has_next().then(|| window.page() + 1)?,
        Meaning::Previous => {
            (window.start > 0).then(|| window.page().saturating_sub(1).max(window.first_page))?
        }
        _ => return None,
    })
}
