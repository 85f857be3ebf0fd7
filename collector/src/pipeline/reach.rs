//! How many people may be reading a mention, from what the platform tells.

use goodword_shared::Mention;

/// Views where they are told; else the author's followers, but at least those who reacted. None where nothing is told.
pub fn reach(mention: &Mention) -> Option<u64> {
    let engagement = mention.engagement.unwrap_or_default();
    let count = |n: Option<i64>| n.and_then(|n| u64::try_from(n).ok());
    let reacted: Option<u64> = [engagement.likes, engagement.replies, engagement.shares]
        .into_iter()
        .filter_map(count)
        .reduce(u64::saturating_add);
    count(engagement.views).or_else(|| mention.author.followers.max(reacted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use goodword_shared::{Author, mention::Engagement};

    #[test]
    fn unknown_is_not_zero() {
        assert_eq!(reach(&Mention::default()), None);
        let mention = Mention {
            author: Author { followers: Some(12), ..Author::default() },
            engagement: Some(Engagement { likes: Some(40), shares: Some(3), ..Engagement::default() }),
            ..Mention::default()
        };
        assert_eq!(reach(&mention), Some(43));
    }
}
