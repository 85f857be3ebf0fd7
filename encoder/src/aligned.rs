//! Room that begins where a line of the processor's cache begins. Wide instructions take twice as long for what lies on two lines.

/// Bytes of a line.
const LINE: usize = 64;

/// Numbers that begin on a line.
#[derive(Debug, Default)]
pub struct Aligned<T> {
    data: Vec<T>,
    start: usize,
    count: usize,
}

impl<T: Copy + Default> Aligned<T> {
    /// A copy of numbers.
    pub fn of(numbers: &[T]) -> Self {
        let mut copy = Self::default();
        copy.room(numbers.len()).copy_from_slice(numbers);
        copy
    }

    /// Room for so many; what stood there before may still stand there.
    pub fn room(&mut self, count: usize) -> &mut [T] {
        if self.data.len() < self.start + count {
            let spare = LINE / size_of::<T>().max(1);
            self.data = vec![T::default(); count + spare];
            // Where it cannot be told, anywhere will do.
            self.start = self.data.as_ptr().align_offset(LINE).min(spare);
        }
        self.count = count;
        self.get_mut()
    }

    /// The numbers.
    pub fn get(&self) -> &[T] {
        &self.data[self.start..self.start + self.count]
    }

    /// The numbers, to be changed.
    pub fn get_mut(&mut self) -> &mut [T] {
        &mut self.data[self.start..self.start + self.count]
    }
}
