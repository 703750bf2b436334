//! The database: headers, coins, undo data, filters, and where each block is. One batch is one
//! transaction, on disk before [`Store::commit`] returns (redb's two-phase commit with
//! `quick_repair`, so that nothing has to be mended after a kill). Opening verifies every page's
//! checksum: a changed byte is told before anything is believed.

use super::blocks::{BlockFile, PLACE, Place};
use super::directory::{exists, sync_folder_of};
use super::disk::Disk;
use super::encode::{self, KEY};
use super::error::DiskError;
use farthing_core::bitcoin::block::Header;
use farthing_core::bitcoin::consensus::encode::{deserialize, serialize};
use farthing_core::bitcoin::hashes::Hash as _;
use farthing_core::bitcoin::{BlockHash, OutPoint};
use farthing_core::chain::codec::{decode_coin, encode_coin};
use farthing_core::chain::{Batch, Coin, Store, StoreError, StoredFilter};
use farthing_core::params::NetworkParams;
use redb::{
    Database, Key, ReadOnlyTable, ReadableDatabase as _, ReadableTable as _, TableDefinition, Value,
};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// Goes up when an older farthing would misread what a newer one wrote.
const VERSION: u32 = 1;
/// Of redb's pages in memory; its own default is a gibibyte.
const CACHE: usize = 64 << 20;

type Hash32 = [u8; 32];
const META: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("meta");
const HEADERS: TableDefinition<'_, u64, &[u8; 80]> = TableDefinition::new("headers");
const INVALID: TableDefinition<'_, &Hash32, ()> = TableDefinition::new("invalid");
const BLOCKS: TableDefinition<'_, &Hash32, &[u8; PLACE]> = TableDefinition::new("blocks");
const UNDO: TableDefinition<'_, &Hash32, &[u8]> = TableDefinition::new("undo");
const FILTERS: TableDefinition<'_, &Hash32, &[u8]> = TableDefinition::new("filters");
const COINS: TableDefinition<'_, &[u8; KEY], &[u8]> = TableDefinition::new("coins");

/// A chain on disk.
#[derive(Debug)]
pub(crate) struct DiskStore {
    path: PathBuf,
    database: Database,
    blocks: BlockFile,
}

impl DiskStore {
    /// Opens the store in this folder, or makes one.
    pub(crate) fn open(
        disk: &impl Disk,
        folder: &Path,
        params: &NetworkParams,
    ) -> Result<Self, DiskError> {
        let made = disk.make_folder(folder);
        made.map_err(|error| DiskError::io(folder, error))?;
        let (path, blocks) = (folder.join("store.redb"), folder.join("blocks.dat"));
        if !exists(disk, &path)? {
            if exists(disk, &blocks)? {
                // A new one would know none of them, and have them written over.
                return Err(DiskError::corrupt(
                    &path,
                    "it is gone, but its blocks are there",
                ));
            }
            make_database(disk, &path, params)?;
        }
        let database = open_database(disk, &path)?;
        let end = identify(&database, &path, folder, params)?;
        let blocks = BlockFile::open(disk, &blocks, params.magic, end)?;
        // A commit syncs the files; their names have to be there too.
        sync_folder_of(disk, &path)?;
        sync_folder_of(disk, folder)?;
        Ok(Self {
            path,
            database,
            blocks,
        })
    }

    /// The network that the store in this folder belongs to; none where there is no database.
    pub(super) fn network_of(disk: &impl Disk, folder: &Path) -> Result<Option<String>, DiskError> {
        let path = folder.join("store.redb");
        if !exists(disk, &path)? {
            return Ok(None);
        }
        let database = open_database(disk, &path)?;
        let name =
            read_meta(&database, "network").map_err(|error| DiskError::redb(&path, error))?;
        Ok(name.and_then(|name| String::from_utf8(name).ok()))
    }

    fn fails(&self, error: impl Into<redb::Error>) -> StoreError {
        DiskError::redb(&self.path, error).into()
    }

    fn corrupt(&self, what: &str) -> StoreError {
        DiskError::corrupt(&self.path, what).into()
    }

    fn table<K: Key + 'static, V: Value + 'static>(
        &self,
        table: TableDefinition<'_, K, V>,
    ) -> Result<ReadOnlyTable<K, V>, StoreError> {
        let transaction = self
            .database
            .begin_read()
            .map_err(|error| self.fails(error))?;
        transaction
            .open_table(table)
            .map_err(|error| self.fails(error))
    }

    /// A value of one of the tables with bytes under a block's hash.
    fn bytes(
        &self,
        table: TableDefinition<'_, &'static Hash32, &'static [u8]>,
        hash: &BlockHash,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let found = self.table(table)?;
        let found = found
            .get(hash.as_byte_array())
            .map_err(|error| self.fails(error))?;
        Ok(found.map(|found| found.value().to_vec()))
    }

    fn place(&self, hash: &BlockHash) -> Result<Option<Place>, StoreError> {
        let found = self.table(BLOCKS)?;
        let found = found
            .get(hash.as_byte_array())
            .map_err(|error| self.fails(error))?;
        Ok(found.map(|found| Place::from_bytes(found.value())))
    }

    /// All of the batch in one transaction.
    fn write(&self, batch: &Batch, places: &[Place], end: u64) -> Result<(), redb::Error> {
        let mut transaction = self.database.begin_write()?;
        transaction.set_quick_repair(true);
        {
            let mut headers = transaction.open_table(HEADERS)?;
            let next = headers.last()?.map_or(0, |(last, _)| last.value() + 1);
            for (number, header) in (next..).zip(&batch.headers) {
                let mut bytes = [0; 80];
                bytes.copy_from_slice(&serialize(header));
                headers.insert(number, &bytes)?;
            }
            let mut invalid = transaction.open_table(INVALID)?;
            for hash in &batch.invalid {
                invalid.insert(hash.as_byte_array(), ())?;
            }
            let mut blocks = transaction.open_table(BLOCKS)?;
            for ((hash, _), place) in batch.blocks.iter().zip(places) {
                blocks.insert(hash.as_byte_array(), &place.to_bytes())?;
            }
            let mut undo = transaction.open_table(UNDO)?;
            for (hash, bytes) in &batch.undo {
                undo.insert(hash.as_byte_array(), &bytes[..])?;
            }
            let mut filters = transaction.open_table(FILTERS)?;
            for (hash, stored) in &batch.filters {
                let bytes = [&stored.header[..], &stored.filter].concat();
                filters.insert(hash.as_byte_array(), &bytes[..])?;
            }
            let mut coins = transaction.open_table(COINS)?;
            for outpoint in &batch.coins_removed {
                coins.remove(&encode::key(outpoint))?;
            }
            for (outpoint, coin) in &batch.coins_added {
                coins.insert(&encode::key(outpoint), &encode_coin(coin)[..])?;
            }
            let mut meta = transaction.open_table(META)?;
            meta.insert("blocks_end", &end.to_le_bytes()[..])?;
            if let Some(tip) = &batch.tip {
                meta.insert("tip", &tip.as_byte_array()[..])?;
            }
        }
        transaction.commit()?;
        Ok(())
    }
}

/// redb trusts what passes its checksums and may panic on what does not: opening is where a changed
/// file is found, so a panic in it is a finding too.
fn open_database(disk: &impl Disk, path: &Path) -> Result<Database, DiskError> {
    let file = disk
        .open(path)
        .map_err(|error| DiskError::io(path, error))?;
    let opened = catch_unwind(AssertUnwindSafe(|| {
        Database::builder()
            .set_cache_size(CACHE)
            .set_check_integrity_on_open(true)
            .create_with_backend(file)
    }));
    match opened {
        Ok(Ok(database)) => Ok(database),
        Ok(Err(error)) => Err(DiskError::redb(path, error)),
        Err(_) => Err(DiskError::corrupt(path, "its pages do not fit together")),
    }
}

/// A new one under another name first: a kill leaves none, or a whole one.
fn make_database(disk: &impl Disk, path: &Path, params: &NetworkParams) -> Result<(), DiskError> {
    let part = path.with_extension("part");
    let fails = |error| DiskError::io(&part, error);
    disk.remove(&part).map_err(fails)?;
    let database = open_database(disk, &part)?;
    write_meta(&database, params).map_err(|error| DiskError::redb(&part, error))?;
    let closed = database.close();
    closed.map_err(|error| DiskError::redb(&part, error))?;
    disk.rename(&part, path).map_err(fails)?;
    sync_folder_of(disk, path)
}

fn write_meta(database: &Database, params: &NetworkParams) -> Result<(), redb::Error> {
    let mut transaction = database.begin_write()?;
    transaction.set_quick_repair(true);
    {
        let mut meta = transaction.open_table(META)?;
        meta.insert("version", &VERSION.to_le_bytes()[..])?;
        meta.insert("network", params.name.as_bytes())?;
        let genesis = params.genesis.block_hash();
        meta.insert("genesis", &genesis.as_byte_array()[..])?;
        meta.insert("blocks_end", &0_u64.to_le_bytes()[..])?;
        // A table that was never opened for writing cannot be read.
        transaction.open_table(HEADERS)?;
        transaction.open_table(INVALID)?;
        transaction.open_table(BLOCKS)?;
        transaction.open_table(UNDO)?;
        transaction.open_table(FILTERS)?;
        transaction.open_table(COINS)?;
    }
    transaction.commit()?;
    Ok(())
}

/// Whose the database is; and how long its file of blocks.
fn identify(
    database: &Database,
    path: &Path,
    folder: &Path,
    params: &NetworkParams,
) -> Result<u64, DiskError> {
    let meta = |name: &str| -> Result<Vec<u8>, DiskError> {
        let found = read_meta(database, name).map_err(|error| DiskError::redb(path, error))?;
        found.ok_or_else(|| DiskError::corrupt(path, format!("it does not tell its {name}")))
    };
    let odd = |name: &str| DiskError::corrupt(path, format!("its {name} is none"));
    let version = meta("version")?.try_into().map_err(|_| odd("version"))?;
    let version = u32::from_le_bytes(version);
    if version > VERSION {
        return Err(DiskError::Newer {
            path: path.to_owned(),
            found: version,
            known: VERSION,
        });
    }
    if meta("genesis")? != params.genesis.block_hash().as_byte_array() {
        return Err(DiskError::Network {
            folder: folder.to_owned(),
            expected: params.name.clone(),
            found: String::from_utf8_lossy(&meta("network")?).into_owned(),
        });
    }
    let end = meta("blocks_end")?
        .try_into()
        .map_err(|_| odd("blocks_end"))?;
    Ok(u64::from_le_bytes(end))
}

fn read_meta(database: &Database, name: &str) -> Result<Option<Vec<u8>>, redb::Error> {
    let meta = database.begin_read()?.open_table(META)?;
    Ok(meta.get(name)?.map(|found| found.value().to_vec()))
}

impl Store for DiskStore {
    fn headers(&self) -> Result<Vec<Header>, StoreError> {
        let table = self.table(HEADERS)?;
        let all = table.iter().map_err(|error| self.fails(error))?;
        all.map(|entry| {
            let (_, header) = entry.map_err(|error| self.fails(error))?;
            deserialize(header.value()).map_err(|_| self.corrupt("a header that is none"))
        })
        .collect()
    }

    fn invalid(&self) -> Result<Vec<BlockHash>, StoreError> {
        let table = self.table(INVALID)?;
        let all = table.iter().map_err(|error| self.fails(error))?;
        all.map(|entry| {
            let (hash, ()) = entry
                .map(|(hash, _)| (*hash.value(), ()))
                .map_err(|error| self.fails(error))?;
            Ok(BlockHash::from_byte_array(hash))
        })
        .collect()
    }

    fn tip(&self) -> Result<Option<BlockHash>, StoreError> {
        let table = self.table(META)?;
        let found = table.get("tip").map_err(|error| self.fails(error))?;
        found
            .map(|found| {
                BlockHash::from_slice(found.value())
                    .map_err(|_| self.corrupt("a tip that is no hash"))
            })
            .transpose()
    }

    fn has_block(&self, hash: &BlockHash) -> Result<bool, StoreError> {
        Ok(self.place(hash)?.is_some())
    }

    fn block(&self, hash: &BlockHash) -> Result<Option<Vec<u8>>, StoreError> {
        let place = self.place(hash)?;
        Ok(place.map(|place| self.blocks.read(place)).transpose()?)
    }

    fn undo(&self, hash: &BlockHash) -> Result<Option<Vec<u8>>, StoreError> {
        self.bytes(UNDO, hash)
    }

    fn filter(&self, hash: &BlockHash) -> Result<Option<StoredFilter>, StoreError> {
        let Some(bytes) = self.bytes(FILTERS, hash)? else {
            return Ok(None);
        };
        let (header, filter) = bytes
            .split_first_chunk()
            .ok_or_else(|| self.corrupt("a filter without its header"))?;
        Ok(Some(StoredFilter {
            header: *header,
            filter: filter.to_vec(),
        }))
    }

    fn coin(&self, outpoint: &OutPoint) -> Result<Option<Coin>, StoreError> {
        let table = self.table(COINS)?;
        let found = table
            .get(&encode::key(outpoint))
            .map_err(|error| self.fails(error))?;
        found
            .map(|found| {
                decode_coin(found.value()).map_err(|error| self.corrupt(&error.to_string()))
            })
            .transpose()
    }

    fn each_coin(&self, each: &mut dyn FnMut(&OutPoint, &Coin)) -> Result<(), StoreError> {
        let table = self.table(COINS)?;
        for entry in table.iter().map_err(|error| self.fails(error))? {
            let (key, coin) = entry.map_err(|error| self.fails(error))?;
            let coin =
                decode_coin(coin.value()).map_err(|error| self.corrupt(&error.to_string()))?;
            each(&encode::outpoint(key.value()), &coin);
        }
        Ok(())
    }

    fn commit(&mut self, batch: Batch) -> Result<(), StoreError> {
        let blocks = batch.blocks.iter().map(|(_, block)| &block[..]);
        let (places, end) = self.blocks.append(blocks)?;
        self.write(&batch, &places, end)
            .map_err(|error| self.fails(error))?;
        self.blocks.keep(end);
        Ok(())
    }
}
