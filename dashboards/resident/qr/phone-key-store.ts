/** The one key of this phone, as its browser keeps it: it signs, and nobody can read it out, not even this page. */
export interface PhoneKey {
  /** The credential that the cloud knows its public half by. */
  readonly credential: string;
  readonly privateKey: CryptoKey;
  /** Of the code that was shown last. */
  readonly counter: number;
}

const databaseName = 'gatecast.resident';
const storeName = 'phone';
/** A phone has one key; somebody else who signs in sets up another in its place. */
const place = 'key';

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(databaseName, 1);
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore(storeName));
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(faultOf(request.error)));
  });
}

/** Runs `work` in one transaction and resolves with what it gives once that is committed. Rejects where the browser keeps nothing. */
async function inStore<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore, give: (value: T) => void) => void,
): Promise<T> {
  const database = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(storeName, mode);
      let given: { readonly value: T } | undefined;
      transaction.addEventListener('complete', () => given && resolve(given.value));
      transaction.addEventListener('abort', () => reject(faultOf(transaction.error)));
      work(transaction.objectStore(storeName), (value) => {
        given = { value };
      });
    });
  } finally {
    database.close();
  }
}

const faultOf = (fault: DOMException | null): Error => fault ?? new Error('the browser keeps nothing');

export const readPhoneKey = (): Promise<PhoneKey | undefined> =>
  inStore<PhoneKey | undefined>('readonly', (store, give) => {
    const request = store.get(place) as IDBRequest<PhoneKey | undefined>;
    request.addEventListener('success', () => give(request.result));
  });

export const savePhoneKey = (key: PhoneKey): Promise<void> =>
  inStore<void>('readwrite', (store, give) => {
    store.put(key, place);
    give();
  });

export const forgetPhoneKey = (): Promise<void> =>
  inStore<void>('readwrite', (store, give) => {
    store.delete(place);
    give();
  });

/**
 * The key with a counter that no tab has used: reading and raising it is one transaction, and the browser runs those of all tabs one after the
 * other. Undefined without a key.
 */
export const takeCounter = (): Promise<PhoneKey | undefined> =>
  inStore<PhoneKey | undefined>('readwrite', (store, give) => {
    const request = store.get(place) as IDBRequest<PhoneKey | undefined>;
    request.addEventListener('success', () => {
      const key = request.result && { ...request.result, counter: request.result.counter + 1 };
      if (key) store.put(key, place);
      give(key);
    });
  });
