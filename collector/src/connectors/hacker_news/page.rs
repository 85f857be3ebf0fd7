//! Saved pages of Hacker News itself: discussions and lists of stories, in the old and the new markup.

use goodword_shared::{
    Kind, Mention, Time,
    mention::{Precision, Thread},
    problem::SourceProblem,
};

use super::{super::Reading, address, engagement, handle};
use crate::reading::{
    answer, dates, numbers, relative,
    tree::{Element, Tree},
};

/// A saved page of the site: a discussion, or a list of stories. The old and the new markup differ only in their classes.
pub fn read(text: &str, now: Option<Time>) -> Result<Reading, SourceProblem> {
    let tree = Tree::html(text).map_err(|e| answer::malformed(e.to_string()))?;
    let mut reading = Reading::default();
    let mut title: Option<String> = None;
    let mut indent = 0;
    let mut story: Option<String> = None;
    // The comments above the current one, outermost first.
    let mut above: Vec<(usize, String)> = Vec::new();
    for element in tree.elements() {
        if element.is("td") && element.has_class("title") {
            let link = element.find(|e| e.is("a")).filter(|a| !a.has_class("morelink"));
            if let Some(link) = link.filter(|a| a.attribute("href").is_none_or(|h| !h.contains("fnid="))) {
                title = Some(link.text());
            }
        } else if element.is("td") && element.has_class("subtext") {
            if let Some(mention) = story_of(&element, title.take(), now) {
                story = mention.external_id.clone();
                reading.mentions.push(mention);
                above.clear();
            }
        } else if element.has_class("toptext") {
            // What a post without a link says.
            if let Some(post) = reading.mentions.last_mut().filter(|m| m.kind == Kind::Post) {
                post.text = element.text();
            }
        } else if element.is("td") && element.has_class("ind") {
            indent =
                element.attribute("indent").and_then(|i| i.parse().ok()).unwrap_or_else(|| width(&element));
        } else if element.is("img") && element.attribute("src").is_some_and(|s| s.ends_with("s.gif")) {
            indent = element.attribute("width").and_then(|w| w.parse::<usize>().ok()).unwrap_or(0) / 40;
        } else if element.is("td") && element.has_class("default") {
            above.truncate(above.iter().take_while(|(i, _)| *i < indent).count());
            let parent = above.last().map(|(_, id)| id.clone()).or_else(|| story.clone());
            if let Some(mention) = comment_of(&element, story.clone(), parent, now) {
                above.extend(mention.external_id.clone().map(|id| (indent, id)));
                reading.mentions.push(mention);
            }
        }
    }
    if reading.mentions.is_empty() {
        answer::refuse_block_page(text)?;
        if !text.to_ascii_lowercase().contains("hacker news") {
            return Err(answer::unsupported("This is no page of Hacker News."));
        }
    }
    Ok(reading)
}

fn width(element: &Element<'_>) -> usize {
    let image = element.find(|e| e.is("img"));
    image.and_then(|i| i.attribute("width")?.parse::<usize>().ok()).unwrap_or(0) / 40
}

/// The number after `id=` in the first link to an item.
fn item_id(element: &Element<'_>) -> Option<String> {
    element.descendants().filter(|e| e.is("a")).find_map(|a| {
        let href = a.attribute("href")?;
        let id: String = href.split_once("item?id=")?.1.chars().take_while(char::is_ascii_digit).collect();
        (!id.is_empty()).then_some(id)
    })
}

fn member(element: &Element<'_>) -> Option<String> {
    let link = element.find(|e| e.is("a") && e.attribute("href").is_some_and(|h| h.contains("user?id=")))?;
    Some(link.text()).filter(|t| !t.is_empty())
}

/// When: exact in the title of the new `age`, else "16 days ago" or "on April 5, 2013" in the line itself.
fn age(element: &Element<'_>, now: Option<Time>) -> Option<dates::Dated> {
    if let Some(age) = element.by_class("age")
        && let Some(exact) =
            age.attribute("title").and_then(|t| dates::parse(t.split(' ').next().unwrap_or("")))
    {
        return Some(exact);
    }
    let line = element.text();
    if let Some(end) = line.find(" ago") {
        let start = line[..end].rfind(|c: char| c.is_ascii_digit())?;
        let start = line[..start].rfind(|c: char| !c.is_ascii_digit()).map_or(0, |i| i + 1);
        return Some((relative::parse(&line[start..end], now?)?, Precision::Relative));
    }
    let on = line.find(" on ")?;
    dates::parse(line[on + 4..].split('|').next()?)
}

fn story_of(subtext: &Element<'_>, title: Option<String>, now: Option<Time>) -> Option<Mention> {
    let score = subtext.find(|e| e.attribute("id").is_some_and(|i| i.starts_with("score_")));
    let id = score
        .and_then(|s| s.attribute("id").map(|i| i["score_".len()..].to_owned()))
        .or_else(|| item_id(subtext))?;
    let published = age(subtext, now);
    let replies =
        subtext.descendants().filter(|e| e.is("a")).map(|a| a.text()).find(|t| t.contains("comment"));
    Some(Mention {
        url: Some(address(&id)),
        external_id: Some(id),
        kind: Kind::Post,
        author: handle(member(subtext)),
        title,
        published_at: published.map(|d| d.0),
        published_precision: published.map(|d| d.1),
        engagement: engagement(
            score.and_then(|s| numbers::whole(&s.text())),
            replies.and_then(|r| numbers::whole(&r)),
        ),
        ..Mention::default()
    })
}

fn comment_of(
    cell: &Element<'_>,
    story: Option<String>,
    parent: Option<String>,
    now: Option<Time>,
) -> Option<Mention> {
    let head = cell.by_class("comhead")?;
    let id = item_id(&head).or_else(|| {
        let row = cell.ancestors().find(|e| e.is("tr") && e.attribute("id").is_some())?;
        row.attribute("id").map(|i| i.into_owned())
    })?;
    let body = cell.by_class("commtext").or_else(|| cell.by_class("comment"))?;
    // The reply link below the words is inside the same cell; so is the rule that old pages draw in the background's colour.
    let text = body.text_without(|e| {
        e.has_class("reply") || (e.is("font") && e.attribute("size").is_some_and(|s| s == "1"))
    });
    let published = age(&head, now);
    Some(Mention {
        url: Some(address(&id)),
        external_id: Some(id),
        kind: Kind::Comment,
        author: handle(member(&head)),
        text,
        published_at: published.map(|d| d.0),
        published_precision: published.map(|d| d.1),
        thread: (story.is_some() || parent.is_some()).then_some(Thread { id: story, parent_id: parent }),
        ..Mention::default()
    })
}
