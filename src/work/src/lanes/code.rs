//! The code of a kernel, for words of any number of lanes.

/// Writes a statement once for each number.
macro_rules! unroll {
    ($number:ident in $($literal:literal)* => $body:expr) => {
        $({
            const $number: usize = $literal;
            $body;
        })*
    };
}

/// The module `$name`: the code over the words of the module `$words`, with the attribute that they need.
///
/// Rounds are written out by sixteen or eight and looped, so that the eight words of the state stay where
/// they are. Written out are the rounds of the second hash, whose message has seven constant words: what
/// follows from them alone is not computed.
macro_rules! lanes {
    ($name:ident, $words:ident $(, #[$feature:meta])?) => {
        pub(crate) mod $name {
            use super::$words::{
                LANES, V, add, and, at_most, choose, from_lanes, numbers, rotate, shift, splat, to_lanes, xor,
            };
            #[allow(unused_imports, reason = "what one lane begins, the others go on with")]
            use super::{Passed, Work};
            use crate::sha256::{HASH_BITS, HEADER_BITS, INITIAL, K, PADDING};

            /// Tries so many nonces from `from` on or a few more, until a hash's most significant word is
            /// at most the target's.
            $(#[$feature])?
            pub(crate) fn scan(work: &Work, from: u32, nonces: u64) -> Option<Passed> {
                let top = splat(work.top);
                let [w0, w1, w2] = work.tail;
                let zero = splat(0);
                // The words of the rounds, each with its constant: the first that are fixed for a while.
                let mut rounds = [zero; 64];
                unroll!(T in 5 6 7 8 9 10 11 12 13 14 => rounds[T] = splat(K[T]));
                rounds[4] = splat(K[4].wrapping_add(PADDING));
                rounds[15] = splat(K[15].wrapping_add(HEADER_BITS));
                let mut tried = 0;
                while tried < nonces {
                    let nonce = swap(add(splat(from.wrapping_add(tried as u32)), numbers()));
                    let mut message = [
                        splat(w0), splat(w1), splat(w2), nonce, splat(PADDING), zero, zero, zero,
                        zero, zero, zero, zero, zero, zero, zero, splat(HEADER_BITS),
                    ];
                    schedule(&mut message, &mut rounds);
                    let mut passed = Passed::none(tried);
                    let mut any = 0;
                    for (version, lanes) in work.versions.iter().zip(&mut passed.lanes) {
                        let mut state = splats(&version.begun);
                        state[0] = add(state[0], nonce);
                        state[4] = add(state[4], nonce);
                        let first = sum(finish(state, &rounds), &version.midstate);
                        *lanes = at_most(swap(last_word(first)), top);
                        any |= *lanes;
                    }
                    if any != 0 {
                        return Some(passed);
                    }
                    tried += u64::from(LANES);
                }
                None
            }

            /// Double SHA-256 of each header.
            $(#[$feature])?
            pub(crate) fn hash(headers: &[[u8; 80]], hashes: &mut [[u8; 32]]) {
                let groups = headers.chunks(LANES as usize);
                for (headers, hashes) in groups.zip(hashes.chunks_mut(LANES as usize)) {
                    let mut words = [[0; LANES as usize]; 20];
                    for (lane, header) in headers.iter().enumerate() {
                        for (word, bytes) in words.iter_mut().zip(header.as_chunks().0) {
                            word[lane] = u32::from_le_bytes(*bytes);
                        }
                    }
                    let mut message = [splat(0); 16];
                    for (into, word) in message.iter_mut().zip(&words) {
                        *into = swap(from_lanes(*word));
                    }
                    let state = compress(&splats(&INITIAL), message);
                    message = [splat(0); 16];
                    for (into, word) in message.iter_mut().zip(&words[16..]) {
                        *into = swap(from_lanes(*word));
                    }
                    message[4] = splat(PADDING);
                    message[15] = splat(HEADER_BITS);
                    let state = compress(&state, message);
                    let state = compress(&splats(&INITIAL), padded(state));
                    let mut words = [[0; LANES as usize]; 8];
                    for (into, word) in words.iter_mut().zip(state) {
                        *into = to_lanes(swap(word));
                    }
                    for (lane, hash) in hashes.iter_mut().enumerate() {
                        for (bytes, word) in hash.as_chunks_mut().0.iter_mut().zip(&words) {
                            *bytes = word[lane].to_le_bytes();
                        }
                    }
                }
            }

            /// A block's compression.
            $(#[$feature])?
            fn compress(before: &[V; 8], mut message: [V; 16]) -> [V; 8] {
                let mut state = *before;
                let mut bc = xor(state[1], state[2]);
                unroll!(T in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 =>
                    round(&mut state, &mut bc, add(message[T], splat(K[T]))));
                for k in K[16..].as_chunks::<16>().0 {
                    unroll!(T in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 => {
                        expand::<T>(&mut message);
                        round(&mut state, &mut bc, add(message[T], splat(k[T])));
                    });
                }
                unroll!(T in 0 1 2 3 4 5 6 7 => state[T] = add(state[T], before[T]));
                state
            }

            /// The message's words from the seventeenth on, with the rounds' constants.
            $(#[$feature])?
            #[inline]
            fn schedule(message: &mut [V; 16], rounds: &mut [V; 64]) {
                let (blocks, _) = rounds.as_chunks_mut::<16>();
                let (k, _) = K.as_chunks::<16>();
                // Apart, since most of what it reads is constant.
                unroll!(T in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 => {
                    expand::<T>(message);
                    blocks[1][T] = add(message[T], splat(K[16 + T]));
                });
                for (block, k) in blocks[2..].iter_mut().zip(&k[2..]) {
                    unroll!(T in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 => {
                        expand::<T>(message);
                        block[T] = add(message[T], splat(k[T]));
                    });
                }
            }

            /// The rounds after the fourth.
            $(#[$feature])?
            #[inline]
            fn finish(mut state: [V; 8], rounds: &[V; 64]) -> [V; 8] {
                let mut bc = xor(state[1], state[2]);
                unroll!(T in 4 5 6 7 => round(&mut state, &mut bc, rounds[T]));
                for eight in rounds[8..].as_chunks::<8>().0 {
                    unroll!(T in 0 1 2 3 4 5 6 7 => round(&mut state, &mut bc, eight[T]));
                }
                state
            }

            /// The last word of the hash of a hash: a state's fifth word is its last after three more
            /// rounds, so that the last three, and half of the four before, are not computed.
            $(#[$feature])?
            #[inline]
            fn last_word(first: [V; 8]) -> V {
                let mut message = padded(first);
                let mut state = splats(&INITIAL);
                let mut bc = xor(state[1], state[2]);
                unroll!(T in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 =>
                    round(&mut state, &mut bc, add(message[T], splat(K[T]))));
                unroll!(T in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 => {
                    expand::<T>(&mut message);
                    round(&mut state, &mut bc, add(message[T], splat(K[16 + T])));
                });
                unroll!(T in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 => {
                    expand::<T>(&mut message);
                    round(&mut state, &mut bc, add(message[T], splat(K[32 + T])));
                });
                unroll!(T in 0 1 2 3 4 5 6 7 8 9 10 11 12 => {
                    expand::<T>(&mut message);
                    round(&mut state, &mut bc, add(message[T], splat(K[48 + T])));
                });
                add(state[4], splat(INITIAL[7]))
            }

            $(#[$feature])?
            #[inline]
            fn padded([a, b, c, d, e, f, g, h]: [V; 8]) -> [V; 16] {
                let zero = splat(0);
                let (padding, bits) = (splat(PADDING), splat(HASH_BITS));
                [a, b, c, d, e, f, g, h, padding, zero, zero, zero, zero, zero, zero, bits]
            }

            /// A word of the schedule takes the place of the one sixteen before.
            $(#[$feature])?
            #[inline]
            fn expand<const T: usize>(w: &mut [V; 16]) {
                let (two, seven, fifteen) = (w[(T + 14) % 16], w[(T + 9) % 16], w[(T + 1) % 16]);
                let small_0 = xor(xor(rotate::<7, 25>(fifteen), rotate::<18, 14>(fifteen)), shift::<3>(fifteen));
                let small_1 = xor(xor(rotate::<17, 15>(two), rotate::<19, 13>(two)), shift::<10>(two));
                w[T] = add(add(w[T], small_0), add(seven, small_1));
            }

            /// A round. `bc`: where the second and the third word differ, which the round before knew as
            /// the first and the second; it saves an operation of the majority.
            $(#[$feature])?
            #[inline]
            fn round(state: &mut [V; 8], bc: &mut V, word: V) {
                let [a, b, c, d, e, f, g, h] = *state;
                let big_1 = xor(xor(rotate::<6, 26>(e), rotate::<11, 21>(e)), rotate::<25, 7>(e));
                let one = add(add(h, word), add(big_1, choose(e, f, g)));
                let big_0 = xor(xor(rotate::<2, 30>(a), rotate::<13, 19>(a)), rotate::<22, 10>(a));
                let ab = xor(a, b);
                let two = add(big_0, xor(b, and(ab, *bc)));
                *bc = ab;
                *state = [add(one, two), a, b, c, add(d, one), e, f, g];
            }

            $(#[$feature])?
            #[inline]
            fn sum(mut state: [V; 8], before: &[u32; 8]) -> [V; 8] {
                unroll!(T in 0 1 2 3 4 5 6 7 => state[T] = add(state[T], splat(before[T])));
                state
            }

            $(#[$feature])?
            #[inline]
            fn splats([a, b, c, d, e, f, g, h]: &[u32; 8]) -> [V; 8] {
                [splat(*a), splat(*b), splat(*c), splat(*d), splat(*e), splat(*f), splat(*g), splat(*h)]
            }

            /// The bytes of each word in the other order.
            $(#[$feature])?
            #[inline]
            fn swap(x: V) -> V {
                let (outer, inner) = (splat(0xff00_ff00), splat(0x00ff_00ff));
                xor(and(rotate::<8, 24>(x), outer), and(rotate::<24, 8>(x), inner))
            }

            /// The first four rounds of a message whose fourth word is 0.
            #[allow(dead_code, reason = "one lane begins, the others go on")]
            $(#[$feature])?
            pub(crate) fn begin(midstate: [V; 8], tail: &[u32; 3]) -> [V; 8] {
                let mut state = midstate;
                let mut bc = xor(state[1], state[2]);
                unroll!(T in 0 1 2 => round(&mut state, &mut bc, splat(K[T].wrapping_add(tail[T]))));
                round(&mut state, &mut bc, splat(K[3]));
                state
            }
        }
    };
}
