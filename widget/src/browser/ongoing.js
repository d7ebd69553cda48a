// For ongoing.rs.

export const end = (ending) => ending();
