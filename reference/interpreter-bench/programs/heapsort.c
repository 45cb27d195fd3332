// Heapsort of the numbers below n, shuffled, with the order given by a function pointer: call_indirect in the inner loop.
// n is at most 100,000 and no multiple of 7,919, so that the shuffle i * 7919 mod n is a permutation where n is coprime to that prime.
// The result is the sum of i * a[i] after sorting downwards, and is taken off that of sorting upwards.

typedef unsigned int u32;
typedef unsigned long long u64;
typedef int (*Order)(u32, u32);

static int upwards(u32 left, u32 right) { return left < right; }
static int downwards(u32 left, u32 right) { return left > right; }
// Through memory that the compiler may not see into, so that the call stays indirect.
static Order volatile orders[2] = {upwards, downwards};

static u32 numbers[100000];

static void sift(u32 root, u32 end, Order before) {
    for (;;) {
        u32 child = 2 * root + 1;
        if (child >= end) return;
        if (child + 1 < end && before(numbers[child], numbers[child + 1])) child++;
        if (!before(numbers[root], numbers[child])) return;
        u32 kept = numbers[root];
        numbers[root] = numbers[child], numbers[child] = kept;
        root = child;
    }
}

static u64 sorted(u32 n, Order before) {
    for (u32 i = 0; i < n; i++) numbers[i] = (u32)((u64)i * 7919 % n);
    for (u32 root = n / 2; root-- > 0;) sift(root, n, before);
    for (u32 end = n; end-- > 1;) {
        u32 kept = numbers[0];
        numbers[0] = numbers[end], numbers[end] = kept;
        sift(0, end, before);
    }
    u64 sum = 0;
    for (u32 i = 0; i < n; i++) sum += (u64)i * numbers[i];
    return sum;
}

__attribute__((export_name("run"))) u64 run(u32 n) { return sorted(n, orders[0]) - sorted(n, orders[1]); }
