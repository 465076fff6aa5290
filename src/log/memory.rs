//! Logs in memory, for tests and for folding a file: the contract in its plainest form.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use uuid::Uuid;

use super::common::{decided, received};
use super::{
    Appended, Broken, Decide, Derive, Erase, EventLog, Fault, Head, Named, Reader, Row, Sealed, Second, Sort, Stop,
    Stored,
};
use crate::domain::when::Instant;

/// Logs that are gone with the program.
#[derive(Clone, Debug, Default)]
pub struct MemoryLog {
    logs: BTreeMap<String, Log>,
}

#[derive(Clone, Debug)]
struct Log {
    head: Head,
    records: Vec<Sealed>,
    derived: BTreeMap<(Sort, Box<str>, i64), Vec<u8>>,
}

impl Log {
    fn empty() -> Log {
        Log { head: Head::empty(), records: Vec::new(), derived: BTreeMap::new() }
    }

    fn erase(&mut self, parts: &[Erase]) {
        for Erase { version, part, .. } in parts {
            let record = self.records.iter_mut().find(|record| record.header.version == *version);
            record.into_iter().for_each(|record| (record.parts[*part], record.salts[*part]) = (None, None));
        }
    }

    fn derive(&mut self, changes: &[Derive]) {
        for change in changes {
            match change {
                Derive::Put(row) => drop(self.derived.insert((row.sort, row.name.clone(), row.key), row.blob.clone())),
                Derive::Drop(sort, name, key) => drop(self.derived.remove(&(*sort, name.clone(), *key))),
                Derive::DropFrom(sort, name) => self.derived.retain(|(of, is, _), _| of != sort || is < name),
                Derive::Clear => self.derived.clear(),
            }
        }
    }
}

impl Reader for Log {
    fn record(&self, version: u64) -> Result<Option<Stored>, Fault> {
        let mut found = None;
        self.read(version..version.saturating_add(1), &mut |stored| found = Some(stored))?;
        Ok(found)
    }

    fn version_of(&self, id: Uuid) -> Result<Option<u64>, Fault> {
        let found = self.records.iter().find(|record| record.header.id == id);
        Ok(found.map(|record| record.header.version))
    }

    fn derived(&self, sort: Sort, from: &str, each: &mut dyn FnMut(Row) -> bool) -> Result<(), Fault> {
        for ((of, name, key), blob) in self.derived.range((sort, from.into(), i64::MIN)..) {
            if *of != sort || !each(Row { sort, name: name.clone(), key: *key, blob: blob.clone() }) {
                break;
            }
        }
        Ok(())
    }

    fn derived_keys(&self, sort: Sort, each: &mut dyn FnMut(&str, i64) -> bool) -> Result<(), Fault> {
        self.derived(sort, "", &mut |row| each(&row.name, row.key))
    }

    fn derived_one(&self, sort: Sort, name: &str, key: i64) -> Result<Option<Vec<u8>>, Fault> {
        Ok(self.derived.get(&(sort, name.into(), key)).cloned())
    }

    fn read(&self, versions: Range<u64>, each: &mut dyn FnMut(Stored)) -> Result<(), Fault> {
        let wanted = self.records.iter().filter(|record| versions.contains(&record.header.version));
        wanted.for_each(|record| {
            each(Stored { header: record.header.clone(), parts: record.parts.clone(), root: record.root });
        });
        Ok(())
    }

    fn second(&self) -> Option<Second> {
        None
    }
}

impl MemoryLog {
    fn log(&self, slug: &str) -> Result<&Log, Fault> {
        self.logs.get(slug).ok_or_else(|| Fault::NoLog(slug.into()))
    }

    /// No two logs have one id, no two records of a log.
    fn check_ids(&self, slug: &str, records: &[Sealed]) -> Result<(), Fault> {
        let Some(first) = records.first() else { return Ok(()) };
        let id = first.header.log;
        if let Some((name, _)) = self.logs.iter().find(|(name, log)| *name != slug && log.head.log == Some(id)) {
            return Err(Fault::LogExists(name.clone()));
        }
        let own = self.logs.get(slug).into_iter().flat_map(|log| &log.records);
        let mut ids: BTreeSet<_> = own.map(|record| record.header.id).collect();
        match records.iter().find(|record| !ids.insert(record.header.id)) {
            Some(twin) => Err(Broken::twice(twin.header.version).into()),
            None => Ok(()),
        }
    }

    fn add(&mut self, slug: &str, head: &Head, records: &[Sealed]) -> Result<&mut Log, Fault> {
        self.check_ids(slug, records)?;
        let log = self.logs.entry(slug.into()).or_insert_with(Log::empty);
        log.records.extend(records.iter().cloned());
        log.head = head.clone();
        Ok(log)
    }
}

impl EventLog for MemoryLog {
    fn logs(&self) -> Result<Vec<Named>, Fault> {
        Ok(self.logs.iter().map(|(slug, log)| Named { slug: slug.clone(), head: log.head.clone() }).collect())
    }

    fn head(&self, slug: &str) -> Result<Head, Fault> {
        Ok(self.logs.get(slug).map_or_else(Head::empty, |log| log.head.clone()))
    }

    fn look(&self, slug: &str, look: &mut dyn FnMut(&Head, &dyn Reader) -> Result<(), Fault>) -> Result<(), Fault> {
        let log = self.log(slug)?;
        look(&log.head, log)
    }

    fn sealed(&self, slug: &str, each: &mut dyn FnMut(Result<Sealed, Broken>)) -> Result<Head, Fault> {
        let log = self.log(slug)?;
        log.records.iter().for_each(|record| each(Ok(record.clone())));
        Ok(log.head.clone())
    }

    fn append<R>(
        &mut self,
        slug: &str,
        expect: Option<u64>,
        now: Instant,
        decide: &mut Decide<'_, R>,
    ) -> Result<Appended, Stop<R>> {
        let own = self.logs.get(slug).cloned().unwrap_or_else(Log::empty);
        let (batch, head, records) = decided(&own.head, &own, expect, now, decide)?;
        if !records.is_empty() {
            let log = self.add(slug, &head, &records)?;
            log.erase(&batch.erase);
            log.derive(&batch.derive);
        }
        Ok(Appended { head, records, is_clean: true })
    }

    fn derive(&mut self, slug: &str, version: u64, changes: &[Derive]) -> Result<bool, Fault> {
        let log = self.logs.get_mut(slug).ok_or_else(|| Fault::NoLog(slug.into()))?;
        let stands = log.head.version() == version;
        if stands {
            log.derive(changes);
        }
        Ok(stands)
    }

    fn receive(&mut self, slug: &str, records: &[Sealed], erase: &[Erase]) -> Result<(Head, u64), Fault> {
        let own = self.head(slug)?;
        let root = |version: u64| {
            let at = usize::try_from(version - 1).ok();
            Ok(at.and_then(|at| Some(self.logs.get(slug)?.records.get(at)?.root)))
        };
        let head = received(records, &root)?;
        let known = usize::try_from(own.version()).unwrap_or(usize::MAX);
        let Some(new) = records.get(known..).filter(|new| !new.is_empty()) else { return Ok((own, 0)) };
        let new_only: Vec<Erase> = erase.iter().filter(|erase| erase.by > own.version()).copied().collect();
        self.add(slug, &head, new)?.erase(&new_only);
        Ok((head, new.len() as u64))
    }
}
