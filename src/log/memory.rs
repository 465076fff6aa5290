//! Logs in memory, for tests and for folding a file: the contract in its plainest form.

use std::collections::{BTreeMap, BTreeSet};

use super::common::{decided, received};
use super::{Appended, Broken, Decide, EventLog, Fault, Head, Named, Reader, Sealed, Stop, Stored};
use crate::domain::when::Instant;

/// Logs that are gone with the program.
#[derive(Clone, Debug, Default)]
pub struct MemoryLog {
    logs: BTreeMap<String, (Head, Vec<Sealed>)>,
}

struct Records<'a>(&'a [Sealed]);

impl Reader for Records<'_> {
    fn read(&self, after: u64, each: &mut dyn FnMut(Stored)) -> Result<(), Fault> {
        let later = self.0.iter().filter(|record| record.header.version > after);
        later.for_each(|record| {
            each(Stored { header: record.header.clone(), parts: record.parts.clone(), root: record.root });
        });
        Ok(())
    }
}

impl MemoryLog {
    fn log(&self, slug: &str) -> Result<&(Head, Vec<Sealed>), Fault> {
        self.logs.get(slug).ok_or_else(|| Fault::NoLog(slug.into()))
    }

    /// No two logs have one id, no two records of a log.
    fn check_ids(&self, slug: &str, records: &[Sealed]) -> Result<(), Fault> {
        let Some(first) = records.first() else { return Ok(()) };
        let log = first.header.log;
        if let Some((name, _)) = self.logs.iter().find(|(name, (head, _))| *name != slug && head.log == Some(log)) {
            return Err(Fault::LogExists(name.clone()));
        }
        let own = self.logs.get(slug).map(|(_, own)| own.as_slice()).unwrap_or_default();
        let mut ids: BTreeSet<_> = own.iter().map(|record| record.header.id).collect();
        match records.iter().find(|record| !ids.insert(record.header.id)) {
            Some(twin) => Err(Broken { version: twin.header.version, what: "its id stands twice".into() }.into()),
            None => Ok(()),
        }
    }
}

impl EventLog for MemoryLog {
    fn logs(&self) -> Result<Vec<Named>, Fault> {
        Ok(self.logs.iter().map(|(slug, (head, _))| Named { slug: slug.clone(), head: head.clone() }).collect())
    }

    fn head(&self, slug: &str) -> Result<Head, Fault> {
        Ok(self.logs.get(slug).map_or_else(Head::empty, |(head, _)| head.clone()))
    }

    fn read(&self, slug: &str, after: u64, each: &mut dyn FnMut(Stored)) -> Result<Head, Fault> {
        let (head, records) = self.log(slug)?;
        Records(records).read(after, each)?;
        Ok(head.clone())
    }

    fn sealed(&self, slug: &str, each: &mut dyn FnMut(Result<Sealed, Broken>)) -> Result<Head, Fault> {
        let (head, records) = self.log(slug)?;
        records.iter().for_each(|record| each(Ok(record.clone())));
        Ok(head.clone())
    }

    fn append<R>(
        &mut self,
        slug: &str,
        expect: Option<u64>,
        now: Instant,
        decide: &mut Decide<'_, R>,
    ) -> Result<Appended, Stop<R>> {
        let before = self.head(slug)?;
        let own = self.logs.get(slug).map(|(_, own)| own.as_slice()).unwrap_or_default();
        let (batch, head, records) = decided(&before, &Records(own), expect, now, decide)?;
        if !records.is_empty() {
            self.check_ids(slug, &records)?;
            let log = self.logs.entry(slug.into()).or_insert_with(|| (Head::empty(), Vec::new()));
            log.1.extend(records.iter().cloned());
            log.0 = head.clone();
            for (version, part) in batch.erase {
                log.1.iter_mut().filter(|record| record.header.version == version).for_each(|record| {
                    record.parts[part] = None;
                    record.salts[part] = None;
                });
            }
        }
        Ok(Appended { head, records, is_clean: true })
    }

    fn receive(&mut self, slug: &str, records: &[Sealed]) -> Result<(Head, u64), Fault> {
        let own = self.head(slug)?;
        let root = |version: u64| {
            let at = usize::try_from(version - 1).ok();
            Ok(at.and_then(|at| Some(self.logs.get(slug)?.1.get(at)?.root)))
        };
        let head = received(records, &root)?;
        let known = usize::try_from(own.version()).unwrap_or(usize::MAX);
        let Some(new) = records.get(known..).filter(|new| !new.is_empty()) else { return Ok((own, 0)) };
        self.check_ids(slug, new)?;
        let log = self.logs.entry(slug.into()).or_insert_with(|| (Head::empty(), Vec::new()));
        log.1.extend(new.iter().cloned());
        log.0 = head.clone();
        Ok((head, new.len() as u64))
    }
}
