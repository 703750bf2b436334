// Whether this browser runs modules that need `simd128`.

/** The smallest module that does: a function that gives a vector. */
const MODULE = new Uint8Array([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // \0asm, version 1
  ...[1, 5, 1, 0x60, 0, 1, 0x7b], // types: a function without parameters that gives a v128
  ...[3, 2, 1, 0], // functions: one of the first type
  ...[10, 8, 1, 6, 0, 0x41, 0, 0xfd, 0x0f, 0x0b], // code: i32.const 0, i8x16.splat, end
]);

export const runsSimd = (): boolean => WebAssembly.validate(MODULE);
