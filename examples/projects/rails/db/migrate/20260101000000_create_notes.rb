class CreateNotes < ActiveRecord::Migration[6.1]
  def change
    create_table :notes do |table|
      table.text :text, null: false
      table.timestamps
    end
  end
end
